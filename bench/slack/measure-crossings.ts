/**
 * Crossings: each of a small project's thresholds passed by one call that is sent to ingest; from the 202 until Slack has
 * the message in the thread of the budget's card. One crossing at a time, so that Slack's one message a second a channel
 * does not count.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { usd } from '../../core/money.ts'
import { monthlyBudget } from '../../db/postgres/budget-definition.ts'
import { makeBudget } from '../../db/postgres/budgets.ts'
import { ensureProject } from '../../db/postgres/projects.ts'
import { mintProjectKey } from '../../local/bootstrap.ts'
import { ANSWER_WITHIN_MS, untilQuiet } from './ask.ts'
import type { Took } from './figures.ts'
import { sendCall } from './send-call.ts'
import { isCallOf } from './slack-wire.ts'
import { CARDS_CHANNEL, type Stage } from './stage.ts'

const LIMIT = usd('10')
/** Of gpt-4o at $2.50 a million: to 51, 76, 91 and 101 percent of the limit. */
const STEPS = [
  { percent: 50, tokensIn: 2_040_000 },
  { percent: 75, tokensIn: 1_000_000 },
  { percent: 90, tokensIn: 600_000 },
  { percent: 100, tokensIn: 400_000 },
] as const
const APART_MS = 1_200

export async function measureCrossings(stage: Stage, rounds: number): Promise<Took[]> {
  const took: Took[] = []
  for (let round = 0; round < rounds; round += 1) {
    const { apiKey, cardTs } = await makeGround(stage, `crossing-${round}`)
    for (const { percent, tokensIn } of STEPS) {
      took.push(await cross(stage, { apiKey, cardTs, percent, tokensIn }))
      await sleep(APART_MS)
    }
    await untilQuiet(stage.wire)
  }
  return took
}

/** A project with a key, and a budget whose card is there. */
async function makeGround(stage: Stage, name: string): Promise<{ apiKey: string; cardTs: string }> {
  const { postgres, orgId, slack, wire } = stage
  const at = new Date()
  const { id: projectId } = await ensureProject(postgres.tables, { orgId, name }, at)
  const apiKey = await mintProjectKey(postgres, { orgId, projectId, name }, at)
  const posted = wire.next(isCallOf('chat.postMessage'), { what: 'a card', withinMs: ANSWER_WITHIN_MS })
  const definition = monthlyBudget(projectId, LIMIT, stage.placeIn(CARDS_CHANNEL))
  const made = await makeBudget(postgres, { orgId, definition, by: 'U0ALEX0001', origin: 'slack' }, at)
  if (made.kind === 'refused') throw new Error(`a budget could not be made: ${made.refusal}`)
  await posted
  await untilQuiet(wire)
  const cards = (await slack.messages(CARDS_CHANNEL)).filter(({ threadTs }) => threadTs === null)
  const card = cards.findLast(({ blocks }) => JSON.stringify(blocks).includes(name))
  if (!card) throw new Error(`${name} has no card`)
  return { apiKey, cardTs: card.ts }
}

interface Crossing {
  readonly apiKey: string
  readonly cardTs: string
  readonly percent: number
  readonly tokensIn: number
}

async function cross(stage: Stage, { apiKey, cardTs, percent, tokensIn }: Crossing): Promise<Took> {
  const { slack, wire } = stage
  const replies = async () => (await slack.thread(CARDS_CHANNEL, cardTs)).length
  const before = await replies()
  const what = `a crossing of ${percent}%`
  const next = () => wire.next(isCallOf('chat.postMessage'), { what, withinMs: ANSWER_WITHIN_MS })
  let posted = next()
  await sendCall(stage.ingestPort, apiKey, { id: `${cardTs}-${percent}`, tokensIn })
  const countedFromMs = performance.now()
  for (;;) {
    const { atMs } = await posted
    // Another budget may have had news meanwhile.
    posted = next()
    posted.catch(() => undefined)
    if ((await replies()) > before) return { what, ms: atMs - countedFromMs }
  }
}
