/**
 * `npm run bench -- slack`: how long a person waits for the app in Slack, with ten million calls behind it: for an answer,
 * for Home, for a chart, and for the news that a budget was crossed.
 */
import { availableParallelism, cpus } from 'node:os'
import { parseSlackArguments, type SlackArguments } from './arguments.ts'
import { untilQuiet } from './ask.ts'
import { figuresOf, linesOf, missedGoals, type SlackFigures } from './figures.ts'
import { measureCharts, measureCommands, measureFloor } from './measure-commands.ts'
import { measureCrossings } from './measure-crossings.ts'
import { measureHome } from './measure-home.ts'
import { openStage, type Stage } from './stage.ts'
import { warmUp } from './warm-up.ts'

const tell = (line: string) => process.stdout.write(`${line}\n`)

export async function run(args: readonly string[]): Promise<SlackFigures> {
  const parsed = parseSlackArguments(args)
  if (parsed.kind === 'bad') throw new Error(parsed.problem)
  const { rows, profileDir } = parsed.given
  tell(`${availableParallelism()} cores (${cpus()[0]?.model ?? 'unknown'}), Node ${process.versions.node}`)
  const stage = await openStage({ rows, profileDir, tell })
  try {
    return await measureAll(stage, parsed.given)
  } finally {
    await stage.close()
  }
}

async function measureAll(stage: Stage, { rounds }: SlackArguments): Promise<SlackFigures> {
  await warmUp(stage)
  const floor = await measureFloor(stage, rounds)
  await untilQuiet(stage.wire)
  const commands = await measureCommands(stage, rounds)
  const charts = await measureCharts(stage, rounds)
  const { homes, pictures: homePictures } = await measureHome(stage, rounds)
  const crossings = await measureCrossings(stage, rounds)
  for (const took of [commands, charts, homes, homePictures, crossings, floor]) linesOf(took).forEach(tell)
  const figures = figuresOf({ commands, homes, homePictures, charts, crossings, floor })
  for (const missed of missedGoals(figures)) tell(`MISSED ${missed}`)
  return figures
}
