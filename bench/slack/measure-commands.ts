/** Commands, typed one after the other: from Slack's sending until Slack has the figures, or the form that they open. */
import type { SandboxSlack } from '../../sandbox/slack/server.ts'
import { timed } from './ask.ts'
import type { Took } from './figures.ts'
import { PICTURES, type Question, questionsOf } from './questions.ts'
import { firstAnswers, isCallOf, type SlackWire } from './slack-wire.ts'
import type { Stage } from './stage.ts'

const WHO = { userId: 'U0ALEX0001', channelId: 'C0GENERAL1' }

export async function measureCommands({ slack, wire }: Stage, rounds: number): Promise<Took[]> {
  const ask = asker(slack, wire)
  const questions = questionsOf(new Date())
  // The first of each kind is compiled and read from disk.
  for (const question of questions) await ask(question)
  const took: Took[] = []
  for (let round = 0; round < rounds; round += 1)
    for (const question of questions) took.push(await ask(question))
  return took
}

export async function measureFloor({ floorSlack, wire }: Stage, rounds: number): Promise<Took[]> {
  const ask = asker(floorSlack, wire)
  const took: Took[] = []
  for (let round = 0; round < rounds * 10 + 10; round += 1)
    took.push(await ask({ text: '/lens', answer: 'message' }))
  return took.slice(10)
}

function asker(slack: SandboxSlack, wire: SlackWire): (question: Question) => Promise<Took> {
  const isFirst = firstAnswers()
  return async ({ text, answer }) => {
    const isAnswer = answer === 'form' ? isCallOf('views.open') : isFirst
    const took = await timed(wire, {
      ...{ what: text, isAnswer },
      act: () => slack.command({ ...WHO, text }),
    })
    if (answer === 'message') await refuseFailure(slack, text)
    return took
  }
}

/** An apology is fast. */
async function refuseFailure(slack: SandboxSlack, text: string): Promise<void> {
  const said = (await slack.ephemerals(WHO.userId)).at(-1)
  if (said?.text.includes('That did not work')) throw new Error(`${text}: the app answered "${said.text}"`)
}

/** Until the picture is a file at Slack. It is shown below the answer once Slack has processed it, which is not in it. */
export async function measureCharts({ slack, wire }: Stage, rounds: number): Promise<Took[]> {
  const took: Took[] = []
  const ask = async (text: string) => {
    const isAnswer = isCallOf('files.completeUploadExternal')
    const one = await timed(wire, { what: text, isAnswer, act: () => slack.command({ ...WHO, text }) })
    await wire.next(({ path }) => path.startsWith('/response/'), { what: text, withinMs: 10_000 })
    return one
  }
  // Loads what draws: said apart, as a person meets it once after a start.
  const [first = ''] = PICTURES
  const { ms } = await ask(first)
  process.stdout.write(`the first chart after the start: ${Math.round(ms)} ms\n`)
  for (let round = 0; round < rounds; round += 1) for (const text of PICTURES) took.push(await ask(text))
  return took
}
