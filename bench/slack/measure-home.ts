/**
 * Home, opened again and again, each time for another choice of project and range: from `app_home_opened` until Slack has
 * taken the view, with every figure and what the charts say; and until Slack has fetched its three pictures as well.
 */

import { HOME_RANGES } from '../../app/home/choice.ts'
import { ACTIONS, EVERYTHING } from '../../app/ids.ts'
import { timed } from './ask.ts'
import type { Took } from './figures.ts'
import { isCallOf } from './slack-wire.ts'
import type { Stage } from './stage.ts'

const USER = 'U0ALEX0001'
const PICTURES = 3
const ROUND_OPENINGS = 4

export interface HomesTook {
  readonly homes: readonly Took[]
  readonly pictures: readonly Took[]
}

export async function measureHome(stage: Stage, rounds: number): Promise<HomesTook> {
  const { slack, wire, projects } = stage
  const homes: Took[] = []
  const pictures: Took[] = []
  const chosen = [EVERYTHING, ...projects.map(({ id }) => id)].flatMap((project) =>
    HOME_RANGES.map((range) => ({ project, range })),
  )
  const isAnswer = isCallOf('views.publish')
  const open = (what: string) => timed(wire, { what, isAnswer, act: () => slack.openHome({ userId: USER }) })
  await open('the first Home')
  for (const { project, range } of chosen.slice(0, rounds * ROUND_OPENINGS)) {
    for (const [actionId, value] of [
      [ACTIONS.homeRange, range],
      [ACTIONS.homeProject, project],
    ] as const)
      await timed(wire, { what: 'a choice in Home', isAnswer, act: () => choose(stage, actionId, value) })
    const what = `Home, ${range}, ${project === EVERYTHING ? 'all projects' : 'one project'}`
    const home = await open(what)
    const beganMs = performance.now()
    await fetchPictures(await pictureUrls(stage))
    homes.push(home)
    pictures.push({ what: `${what}, with pictures`, ms: home.ms + performance.now() - beganMs })
  }
  return { homes, pictures }
}

async function choose({ slack }: Stage, actionId: string, value: string): Promise<void> {
  const view = await slack.home(USER)
  const text = { type: 'plain_text', text: 'chosen' }
  await slack.press({
    ...{ userId: USER, viewId: view?.id ?? '', actionId },
    held: { type: 'static_select', selected_option: { text, value } },
  })
}

/** A Home without them is none that is measured. */
async function pictureUrls({ slack }: Stage): Promise<string[]> {
  const said = JSON.stringify((await slack.home(USER))?.payload.blocks)
  const urls = [...said.matchAll(/"image_url":"([^"]+)"/g)].map(([, url]) => url ?? '')
  if (urls.length !== PICTURES) throw new Error(`Home has ${urls.length} charts: ${said.slice(0, 2_000)}`)
  return urls
}

async function fetchPictures(urls: readonly string[]): Promise<void> {
  const answers = await Promise.all(
    urls.map(async (url) => {
      const answer = await fetch(url)
      await answer.arrayBuffer()
      return answer.status
    }),
  )
  if (answers.some((status) => status !== 200))
    throw new Error(`a picture of Home: HTTP ${answers.join(', ')}`)
}
