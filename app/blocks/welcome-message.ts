/** The beginning as the installer's direct message tells it, kept up to date until there is a budget. */
import { COMMAND } from '../ids.ts'
import type { Message } from './card.ts'
import { type Block, context, section } from './text.ts'
import {
  BUDGET_ROW,
  firstEventWords,
  INTRO,
  proposalBlocks,
  stepBlocks,
  type WelcomeFacts,
} from './welcome.ts'

const NOTHING_TO_PROPOSE = 'The first hour had no call with a known price to propose a budget from. Set one:'
const NOT_YET_PROPOSED: readonly Block[] = [
  section('After an hour of calls LensAI proposes a first budget here. Or set one now:'),
  BUDGET_ROW,
]

/** With the proposal it is a message of its own. */
export function welcomeMessage(facts: WelcomeFacts): Message {
  const { onboarding, projects } = facts
  const { firstEvent } = onboarding
  if (onboarding.at.first_budget !== undefined) return setUpMessage(facts)
  if (firstEvent !== null) {
    if (onboarding.at.proposed === undefined) return firstEventMessage(facts, NOT_YET_PROPOSED)
    const proposal = proposalBlocks(onboarding, projects)
    if (proposal.length > 0)
      return { text: 'A first budget is proposed, from what the first hour cost.', blocks: proposal }
    return firstEventMessage(facts, [section(NOTHING_TO_PROPOSE), BUDGET_ROW])
  }
  return {
    text: 'Welcome to LensAI. Name a project, make a key, and see your first call within two minutes.',
    blocks: [
      section(`:wave:  *Welcome to LensAI.* ${INTRO} Two minutes to your first call:`),
      ...stepBlocks(facts),
    ],
  }
}

/** What is left of the message once the proposal has come in another. */
export const passedMessage = (facts: WelcomeFacts): Message => firstEventMessage(facts, [])

function firstEventMessage(
  { onboarding: { firstEvent }, asOf }: WelcomeFacts,
  next: readonly Block[],
): Message {
  const words = firstEvent === null ? 'LensAI counts your calls.' : firstEventWords(firstEvent, asOf)
  return { text: words, blocks: [section(`:tada:  *${words}*`), ...next] }
}

function setUpMessage({ onboarding: { firstEvent, at }, asOf }: WelcomeFacts): Message {
  const words = `A budget stands guard: \`${COMMAND} budgets\` shows how full it is, App Home everything else.`
  // After a proposal there is a message that says so, above.
  const isSaid = at.proposed !== undefined || !firstEvent?.model
  return {
    text: `LensAI is set up. ${words}`,
    blocks: [
      section(`:white_check_mark:  *LensAI is set up.* ${words}`),
      ...(isSaid ? [] : [context(firstEventWords(firstEvent, asOf))]),
    ],
  }
}
