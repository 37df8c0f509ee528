/**
 * `npm run faults -- ingest`: rounds of load with faults among it, each followed by a comparison of everything that was
 * acknowledged since the beginning with the three stores, event by event, and with the sums that budgets go by.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { type FaultArguments, parseFaultArguments } from './arguments.ts'
import { compareStores, type Found, isClean, linesOf } from './compare-stores.ts'
import { shuffleDeck } from './deck.ts'
import { FAULT_KINDS, type FaultKind } from './fault-kinds.ts'
import { FAULTS } from './faults.ts'
import { type Call, planLoad, type Report } from './load.ts'
import type { Replica } from './replica.ts'
import { type Chance, seeded } from './seeded.ts'
import { sendAll } from './send.ts'
import { openStage, type Stage } from './stage.ts'
import { untilRead } from './until-read.ts'

export type Tell = (line: string) => void

export interface FaultFigures {
  readonly rounds: number
  readonly faults: Readonly<Partial<Record<FaultKind, number>>>
  readonly acknowledged: number
  /** An event that two stores lack, or hold twice, counts twice. */
  readonly lost: number
  readonly duplicated: number
}

export interface FaultRun {
  readonly figures: FaultFigures
  readonly isClean: boolean
}

/** After this a fault that is undone, or a request, has had all the time it needs. */
const ROUND_MS_MAX = 180_000
/** Time for what is wrongly written late to show. */
const LAST_LOOK_AFTER_MS = 2_000
const FAULT_AFTER_MS_MAX = 900
/** As many reports may come again in a later round. */
const EARLIER_MAX = 5_000

export async function run(words: readonly string[], tell: Tell): Promise<FaultRun> {
  const parsed = parseFaultArguments(words)
  if (parsed.kind === 'bad') throw new Error(parsed.problem)
  const { given } = parsed
  const stage = await openStage({ withSmallDisk: given.kinds.includes('disk_full') })
  try {
    tell(`seed ${given.seed}, ${given.rounds} rounds`)
    return await runRounds(stage, given, tell)
  } catch (error) {
    for (const replica of stage.replicas)
      for (const line of await replica.complaints()) tell(`${replica.name}: ${line}`)
    throw error
  } finally {
    await stage.close()
  }
}

interface Book {
  readonly acknowledged: Set<Call>
  earlier: readonly Report[]
}

async function runRounds(
  stage: Stage,
  { rounds, seed, kinds, atOnce }: FaultArguments,
  tell: Tell,
): Promise<FaultRun> {
  const deck = shuffleDeck(kinds, seeded(seed), atOnce)
  const counts = new Map<FaultKind, number>()
  const book: Book = { acknowledged: new Set(), earlier: [] }
  const known = new Map()
  let found: Found | null = null
  let begun = 0
  while (begun < rounds && (found === null || isClean(found))) {
    begun += 1
    const drawn = deck.draw()
    for (const kind of drawn) counts.set(kind, (counts.get(kind) ?? 0) + 1)
    const beganAtMs = performance.now()
    const told = await runRound(stage, book, { round: begun, kinds: drawn, chance: seeded(seed + begun) })
    found = await compareStores(stage, [...book.acknowledged], known)
    const seconds = ((performance.now() - beganAtMs) / 1000).toFixed(1)
    tell(`round ${begun}: ${drawn.join(' + ')}, ${seconds} s; ${told}`)
    for (const replica of stage.replicas)
      for (const line of replica.lastWords()) tell(`  ${replica.name}: ${line}`)
    for (const line of linesOf(found)) tell(`  ${line}`)
  }
  await sleep(LAST_LOOK_AFTER_MS)
  for (const replica of stage.replicas) await replica.end()
  // Every file is read anew, after the replicas had an orderly end.
  const last = await compareStores(stage, [...book.acknowledged], new Map())
  for (const line of linesOf(last)) tell(`at the end: ${line}`)
  const figures = {
    rounds: begun,
    faults: Object.fromEntries(
      FAULT_KINDS.flatMap((kind) => (counts.has(kind) ? [[kind, counts.get(kind)]] : [])),
    ),
    acknowledged: book.acknowledged.size,
    lost: last.lost,
    duplicated: last.duplicated,
  }
  return { figures, isClean: isClean(last) && (found === null || isClean(found)) }
}

async function runRound(
  stage: Stage,
  book: Book,
  { round, kinds, chance }: { round: number; kinds: readonly FaultKind[]; chance: Chance },
): Promise<string> {
  const { replicas, apiKey, projectId } = stage
  const [now, repeatsAll] = [new Date(), kinds.includes('repeats')]
  const requests = planLoad(chance, { round, projectId, now, earlier: book.earlier, repeatsAll })
  const answers = new Map<string, number>()
  const [before, endedBefore] = [book.acknowledged.size, endsOf(replicas)]
  const sending = { urls: replicas.map(({ url }) => url), apiKey, chance, answers }
  const signal = AbortSignal.timeout(ROUND_MS_MAX)
  const done = await Promise.allSettled([
    sendAll(requests, { ...sending, acknowledged: book.acknowledged, signal }),
    ...kinds.map(async (kind) => {
      await sleep(chance.below(FAULT_AFTER_MS_MAX))
      await FAULTS[kind](stage, chance)
    }),
  ])
  for (const outcome of done) if (outcome.status === 'rejected') throw outcome.reason
  book.earlier = [...book.earlier, ...requests.flatMap(({ reports }) => reports)].slice(-EARLIER_MAX)
  for (const replica of replicas) await untilRead(replica)
  const said = [...answers].sort().map(([answer, times]) => `${answer} x ${times}`)
  const ends = endsOf(replicas) - endedBefore
  return [
    `${book.acknowledged.size - before} calls in ${requests.length} requests`,
    `answers ${said.join(', ')}`,
    ...(ends === 0 ? [] : [`ingest ended by itself ${ends} times`]),
  ].join(', ')
}

const endsOf = (replicas: readonly Replica[]): number =>
  replicas.reduce((sum, replica) => sum + replica.endedByItself(), 0)
