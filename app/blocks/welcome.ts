/**
 * The beginning, as App Home shows it: name a project, make a key, wait for the
 * first call, set the first budget.
 * Invariant: what is said of time stays true when it is read later: seconds are said only while they are fresh.
 */
import { type NanoUsd, showUsd } from '../../core/money.ts'
import { HOURS_IN_MONTH, proposeBudget } from '../../core/onboarding.ts'
import type { FirstEvent, Onboarding } from '../../db/postgres/onboarding-steps.ts'
import type { Project } from '../../db/postgres/projects.ts'
import { ACTIONS, COMMAND } from '../ids.ts'
import { type Block, button, clip, context, divider, header, instant, listed, name, section } from './text.ts'
import { snippetBlocks } from './welcome-snippets.ts'

export interface WelcomeFacts {
  readonly onboarding: Onboarding
  readonly projects: readonly Project[]
  /** Whether this person may name projects and make keys. */
  readonly mayMakeKeys: boolean
  readonly ingestUrl: string
  readonly asOf: Date
}

/** So long is an event "3 s ago"; then it is said when it was. */
export const FRESH_MS = 60_000
const NAMES_MAX = 5
export const INTRO =
  'LensAI counts what your LLM calls cost as they happen, warns before a budget is spent, and stops the calls when it is.'

export const isFresh = ({ at }: Pick<FirstEvent, 'at'>, now: Date): boolean =>
  now.getTime() - at.getTime() < FRESH_MS

/** App Home of an organisation that has no call yet. */
export function welcomeBlocks(facts: WelcomeFacts): Block[] {
  const isWaiting = facts.projects.length > 0 && facts.onboarding.at.key_made !== undefined
  return [
    header('Welcome to LensAI'),
    section(`${INTRO} Two minutes to your first call:`),
    ...stepBlocks(facts),
    ...(isWaiting ? [divider(), ...snippetBlocks({ ingestUrl: facts.ingestUrl, key: null })] : []),
    divider(),
    context(`as of ${instant(facts.asOf)}  ·  \`${COMMAND} help\` lists every command`),
  ]
}

/** Above the figures, from the first call to the first budget. */
export function firstCallBlocks({ onboarding, projects, asOf }: WelcomeFacts): Block[] {
  const { firstEvent } = onboarding
  if (firstEvent === null || onboarding.at.first_budget !== undefined) return []
  const proposal = proposalBlocks(onboarding, projects)
  // Of an organisation that was there before this was recorded, it is not known what came first.
  if (firstEvent.model === null && proposal.length === 0) return []
  return [section(`:tada:  *${firstEventWords(firstEvent, asOf)}*`), ...proposal, divider()]
}

/** `First event 3 s ago: gpt-4o-mini, $0.0021`. */
export function firstEventWords({ at, model, cost }: FirstEvent, now: Date): string {
  const seconds = Math.max(1, Math.round((now.getTime() - at.getTime()) / 1000))
  const when = isFresh({ at }, now) ? `${seconds} s ago` : instant(at)
  const price = cost === null ? 'its price is not known yet' : showUsd(cost)
  return `First event ${when}: ${model === null ? 'a call' : name(model)}, ${price}`
}

export function stepBlocks({ projects, onboarding, mayMakeKeys }: WelcomeFacts): Block[] {
  const [project] = projects
  const hasKey = onboarding.at.key_made !== undefined
  const shown = projects.slice(0, NAMES_MAX).map((one) => `*${name(one.name)}*`)
  const more = projects.length > NAMES_MAX ? [`${projects.length - NAMES_MAX} more`] : []
  if (project === undefined)
    return [
      section(
        '*1.  Name your project*\nThe service, team or bot whose calls you want to see. Its API key comes with it, shown once.',
      ),
      ...rowOf(mayMakeKeys, [
        button('Name your project', ACTIONS.nameProject, 'first', { style: 'primary' }),
      ]),
      section('2.  Paste a few lines into your code\n3.  See the first call here, seconds after it was made'),
    ]
  const named = section(
    `:white_check_mark:  Project${projects.length === 1 ? '' : 's'}: ${listed([...shown, ...more])}`,
  )
  if (!hasKey)
    return [
      named,
      section('*2.  Make an API key*\nIt is shown once, with lines to paste.'),
      ...rowOf(mayMakeKeys, [
        button('Make an API key', ACTIONS.newKey, 'first', { style: 'primary' }),
        ADD_PROJECT,
      ]),
    ]
  return [
    named,
    section(':white_check_mark:  An API key. One that was lost is replaced by making another.'),
    section(`:hourglass_flowing_sand:  ${WAITING}`),
    { type: 'actions', elements: [...(mayMakeKeys ? [NEW_KEY, ADD_PROJECT] : []), SET_BUDGET] },
  ]
}

export const WAITING =
  '*Waiting for your first event.* Nothing to reload: this turns by itself, seconds after the first call.'

const NEW_KEY = button('New key', ACTIONS.newKey, 'more')
const REVOKE_KEY = button('Revoke a key', ACTIONS.revokeKey, 'more')
const ADD_PROJECT = button('Add project', ACTIONS.nameProject, 'more')
const SET_BUDGET = button('Set a budget', ACTIONS.homeBudget, 'home')
export const BUDGET_ROW: Block = { type: 'actions', elements: [SET_BUDGET] }

const rowOf = (mayMakeKeys: boolean, elements: (typeof NEW_KEY)[]): Block[] =>
  mayMakeKeys
    ? [{ type: 'actions', elements }]
    : [
        context(
          'A workspace admin, or whoever installed LensAI, does this. Ask one of them to open this page.',
        ),
      ]

/** At the end of App Home, for those who may. */
export const keyButtons = (): Block[] => [{ type: 'actions', elements: [ADD_PROJECT, NEW_KEY, REVOKE_KEY] }]

/** The arithmetic in the open, and a button that opens the form filled in. */
export function proposalBlocks({ firstHour, firstEvent }: Onboarding, projects: readonly Project[]): Block[] {
  const proposal = firstHour === null ? null : proposeBudget(firstHour)
  const project = projects.find(({ id }) => id === firstEvent?.projectId)
  if (proposal === null || project === undefined) return []
  const { hour, month, limit } = proposal
  return [
    section(
      `*A first budget for ${name(clip(project.name, 60))}: ${whole(limit)} a month*\nIts first hour cost ${showUsd(hour)}. Times the ${HOURS_IN_MONTH} hours of 30 days that is ${showUsd(month)}, rounded up. People are told at 50, 75 and 90%; at 100% calls are refused until someone overrides.`,
    ),
    {
      type: 'actions',
      elements: [
        button(`Set ${whole(limit)} a month`, ACTIONS.proposedBudget, project.id, { style: 'primary' }),
      ],
    },
  ]
}

const whole = (amount: NanoUsd): string => showUsd(amount).replace(/\.00$/, '')
