/**
 * `npm run bench -- ingest`: what taking, counting and archiving events costs on this machine, all parts running and
 * every acknowledgement waited for by the disk. Each load ends with a comparison of what was acknowledged with what
 * the three stores hold.
 */
import { statfs } from 'node:fs/promises'
import { availableParallelism, cpus, tmpdir } from 'node:os'
import { type BenchArguments, parseBenchArguments } from './arguments.ts'
import { figuresOf, floorFiguresOf, floorLine, type LoadFigures, linesOf } from './figures.ts'
import { FLOOR, LOAD_NAMES, LOADS, type Load } from './loads.ts'
import { runFloor } from './run-floor.ts'
import { runLoad, warmUp } from './run-load.ts'
import { type Sending, startSending } from './sending.ts'
import { openStage, type Stage } from './stage.ts'

const WARM_UP_SECONDS_MAX = 5
const TMPFS = 0x01021994

const tell = (line: string) => process.stdout.write(`${line}\n`)

export async function run(args: readonly string[]): Promise<Record<string, unknown>> {
  const parsed = parseBenchArguments(args)
  if (parsed.kind === 'bad') throw new Error(parsed.problem)
  if (process.platform !== 'linux') throw new Error('this benchmark reads /proc, so it runs on Linux only')
  await tellMachine()
  const stage = await openStage({ profileDir: parsed.given.profileDir, tell: (line) => tell(`  ${line}`) })
  const sending = await startSending().catch(async (error: unknown) => {
    await stage.close()
    throw error
  })
  try {
    return await Promise.race([runAll(stage, sending, parsed.given), stage.broken])
  } finally {
    sending.stop()
    await stage.close()
  }
}

async function runAll(
  stage: Stage,
  sending: Sending,
  given: BenchArguments,
): Promise<Record<string, unknown>> {
  const figures: Record<string, unknown> = {}
  let max: LoadFigures | undefined
  for (const name of LOAD_NAMES) {
    if (given.only !== null && given.only !== name) continue
    const load = lasting(LOADS[name], given.seconds)
    const seconds = warmUpSeconds(load)
    if (seconds > 0) await warmUp(stage, sending, { tag: `${name}warm`, load: { ...load, seconds } })
    const ran = await runLoad(stage, sending, { tag: name, load })
    const figured = figuresOf(ran)
    figures[name] = figured
    for (const line of linesOf(name, ran, figured)) tell(line)
    if (name === 'max') max = figured
    if (figured.lost > 0 || figured.duplicated > 0 || ran.disagreements.length > 0) process.exitCode = 1
  }
  const load = given.seconds === null ? FLOOR : { ...FLOOR, seconds: Math.min(FLOOR.seconds, given.seconds) }
  const floor = floorFiguresOf(await runFloor(sending, load, warmUpSeconds(load)), load)
  tell(floorLine(floor, max))
  return { ...figures, floor }
}

const lasting = (load: Load, seconds: number | null): Load => (seconds === null ? load : { ...load, seconds })

/** Long enough for code to be compiled and pools to be filled; none for a load too short to measure anything. */
const warmUpSeconds = ({ seconds }: Load): number => Math.min(WARM_UP_SECONDS_MAX, Math.floor(seconds / 6))

async function tellMachine(): Promise<void> {
  const model = cpus()[0]?.model ?? 'unknown processor'
  tell(`${availableParallelism()} cores (${model}), Node ${process.versions.node}`)
  const { type } = await statfs(tmpdir())
  if (type === TMPFS) {
    tell(
      `NOTE: ${tmpdir()} is memory, where waiting for the disk costs nothing: set TMPDIR to a folder on a disk`,
    )
  }
}
