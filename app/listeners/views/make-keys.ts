/**
 * "Make it" in the modals of a project and of a key: both end in a modal that shows the key, the one time.
 * Invariant: the text of a key goes into the answer of this submission and nowhere else: into no message, log, row or metadata.
 */
import type { App, ViewSubmitAction } from '@slack/bolt'
import type { WebClient } from '@slack/web-api'
import { readProjectName } from '../../../core/onboarding.ts'
import type { Reach } from '../../../core/people/reach.ts'
import { createApiKeyIn, type MadeApiKey } from '../../../db/postgres/api-key-deeds.ts'
import { saveWatcher } from '../../../db/postgres/first-event-watchers.ts'
import { readOnboarding } from '../../../db/postgres/onboarding-steps.ts'
import type { Queryable } from '../../../db/postgres/open.ts'
import { makeProject, type Project } from '../../../db/postgres/projects.ts'
import { keyModal, waitingModal } from '../../blocks/welcome-modals.ts'
import { DEFAULT_CHOICE } from '../../home/choice.ts'
import { FIELDS, VIEWS } from '../../ids.ts'
import { keyMaker } from '../../onboarding/read-welcome.ts'
import { seenProject } from '../../seen/seen.ts'
import { callerOf } from '../../slack/authorize.ts'
import type { Asker } from '../../slack/people.ts'
import { describeFailure, slackFailureOf } from '../../slack/slack-failure.ts'
import type { ListenerDeps } from '../listener-deps.ts'
import { under } from './filled-budget.ts'
import { type Answer, answerSubmission, fieldOf } from './submitted.ts'

export function registerMakeKeys(app: App, deps: ListenerDeps): void {
  const makes = (viewId: string, firstField: string, make: Make) =>
    app.view<ViewSubmitAction>(
      { callback_id: viewId, type: 'view_submission' },
      async ({ ack, body, view, client, context }) => {
        const asker: Asker = { caller: callerOf(context), client, userId: body.user.id }
        let isWaiting = false
        let isMade = false
        await answerSubmission(deps, { what: viewId, ack, firstField }, async () => {
          const { refusal, reach } = await keyMaker(deps, asker)
          if (refusal) return under(firstField, refusal)
          const made = await make({ ...asker, reach }, (name) => fieldOf(view.state.values, name))
          if ('kind' in made) return made
          isMade = true
          isWaiting = await watch(deps, asker, view.id)
          const shown = { text: made.key.text, projectName: made.project.name, ingestUrl: deps.ingestUrl }
          return { kind: 'show', how: isWaiting ? 'push' : 'update', view: keyModal(shown) }
        })
        if (isMade) await showAround(deps, asker, isWaiting ? view.id : null)
      },
    )
  makes(VIEWS.nameProject, FIELDS.projectName, (asker, field) =>
    makeNamed(deps, asker, field(FIELDS.projectName)),
  )
  makes(VIEWS.newKey, FIELDS.name, (asker, field) =>
    makeFor(deps, asker, { projectId: field(FIELDS.project), name: field(FIELDS.name) }),
  )
}

interface Made {
  readonly key: MadeApiKey
  readonly project: Project
}
type Maker = Asker & { readonly reach: Reach }
type Make = (asker: Maker, field: (name: string) => string) => Promise<Made | Answer>

/** A project and its key, or neither. */
async function makeNamed(
  deps: ListenerDeps,
  { caller, userId }: Asker,
  text: string,
): Promise<Made | Answer> {
  const read = readProjectName(text)
  if (read.kind === 'bad') return under(FIELDS.projectName, read.problem)
  const { orgId } = caller
  return await deps.postgres.tables.transaction(async (tx): Promise<Made | Answer> => {
    const made = await makeProject(tx, { orgId, name: read.name, by: userId }, deps.now())
    if (made.kind === 'refused') {
      return under(
        FIELDS.projectName,
        made.why === 'name_taken'
          ? 'There is a project of that name. Choose another, or press New key for one more key of it.'
          : 'This organisation has 200 projects, the most there can be.',
      )
    }
    const { project } = made
    return { project, key: await makeKey(deps, tx, { project, name: 'first key', by: userId }) }
  })
}

async function makeFor(
  deps: ListenerDeps,
  { reach, userId }: Maker,
  { projectId, name }: { readonly projectId: string; readonly name: string },
): Promise<Made | Answer> {
  const read = readProjectName(name)
  if (read.kind === 'bad') return under(FIELDS.name, read.problem)
  const project = await seenProject(deps.postgres.tables, reach, projectId)
  if (!project) return under(FIELDS.project, 'This project no longer exists. Close this and open it again.')
  const key = await deps.postgres.tables.transaction((tx) =>
    makeKey(deps, tx, { project, name: read.name, by: userId }),
  )
  return { project, key }
}

/** With which an SDK sends events, hears verdicts and holds, and does nothing else. */
const makeKey = (
  deps: ListenerDeps,
  tx: Queryable,
  { project, name, by }: { readonly project: Project; readonly name: string; readonly by: string },
): Promise<MadeApiKey> =>
  createApiKeyIn(
    tx,
    {
      ...{ orgId: project.orgId, projectId: project.id, name, by, origin: 'slack' },
      ...{ scopes: ['ingest', 'verdicts', 'holds'], person: null, expiresAt: null, requestsPerMinute: null },
    },
    deps.now(),
  )

/** True where the first event is still to come: then the form, beneath the key, becomes the place that waits for it. */
async function watch(deps: ListenerDeps, { caller, userId }: Asker, viewId: string): Promise<boolean> {
  const { tables } = deps.postgres
  const { orgId, installationId } = caller
  if ((await readOnboarding(tables, orgId)).firstEvent !== null) return false
  await saveWatcher(tables, { orgId, installationId, userId, viewId }, deps.now())
  return true
}

/** What is beneath the key and behind the modal follows; the key itself is shown already. */
async function showAround(deps: ListenerDeps, asker: Asker, viewId: string | null): Promise<void> {
  try {
    if (viewId !== null) await showWaiting(deps, asker.client, viewId, asker.caller.orgId)
    await deps.home.publish({ ...asker, choice: DEFAULT_CHOICE })
  } catch (error) {
    const failure = slackFailureOf(error)
    const reason = failure ? describeFailure(failure) : undefined
    deps.log.warn({ ...(reason ? { reason } : { err: error }) }, 'App Home did not follow a new key')
  }
}

async function showWaiting(
  deps: ListenerDeps,
  client: WebClient,
  view_id: string,
  orgId: string,
): Promise<void> {
  const { firstEvent } = await readOnboarding(deps.postgres.tables, orgId)
  await client.views.update({ view_id, view: waitingModal(firstEvent, deps.now()) })
}
