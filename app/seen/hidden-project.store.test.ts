/**
 * A project that is for named people, asked for in every way there is: through the local Slack, over HTTP. Each row says what
 * somebody who sees it finds, so that none of them is empty for everybody.
 */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { setVisibility } from '../../db/postgres/people.ts'
import { gus, type HiddenProject, layHiddenProject, ned, pat } from '../../test/hidden-project.ts'
import { alex, general, sam } from '../../test/opened-sandbox.ts'
import { textOf } from '../../test/people-in-slack.ts'
import { eventually } from '../../test/waiting.ts'
import { PARTIAL } from '../blocks/partial.ts'
import { ACTIONS } from '../ids.ts'

let opened: HiddenProject['opened']
let vault: HiddenProject['vault']
let hidden: RegExp

beforeAll(async () => {
  ;({ opened, vault, hidden } = await layHiddenProject())
})
afterAll(() => opened.close())

/** Everything that a command comes to show one person: answers, files, and the modal that it opens. */
async function shownBy(text: string, userId: string, answers = 1): Promise<string> {
  const before = (await opened.sandbox.ephemerals(userId)).length
  const filesBefore = (await opened.sandbox.files()).length
  const modalBefore = (await opened.sandbox.modal(userId))?.id
  await opened.sandbox.command({ userId, channelId: general, text })
  return await eventually(async () => {
    const said = (await opened.sandbox.ephemerals(userId)).slice(before)
    const modal = await opened.sandbox.modal(userId)
    const isOpened = modal !== null && modal.id !== modalBefore
    expect(said.length >= answers || isOpened).toBe(true)
    const files = (await opened.sandbox.files()).slice(filesBefore)
    const contents = await Promise.all(
      files.map(async ({ id, name, altText, title }) => {
        const answer = await fetch(`${opened.sandbox.url}/files/${id}/${name}`)
        expect(answer.ok).toBe(true)
        return `${title} ${altText} ${name.endsWith('.csv') ? await answer.text() : ''}`
      }),
    )
    const [view] = isOpened ? [JSON.stringify(modal?.payload)] : ['']
    return [...said.map(textOf), view, ...contents].join('\n')
  })
}

/** Without addresses and ids, whose letters are chance. */
const wordsOf = (said: string): string => said.replaceAll(/"(?:image_url|block_id)":"[^"]+"/g, '')

/** As whoever typed it is told back, what they typed is no news. */
const without = (said: string, text: string): string =>
  (/vault\S*/.exec(text) ?? []).reduce((rest, typed) => rest.replaceAll(typed, ''), said)

describe('a project that is for named people', () => {
  it.each<[string, RegExp, number?, number?]>([
    ['/lens spend 7d', /\$503\.00/],
    ['/lens spend 7d table', /vault/],
    ['/lens spend 7d by model', /vault-model/, 2],
    ['/lens spend 7d by route table', /vault-route/],
    ['/lens spend 7d by user table', /vault-user/],
    ['/lens spend 7d by project table', /vault/],
    ['/lens spend 7d by key table', /\$500\.00/],
    ['/lens spend 7d by tag:team table', /vault-team/],
    ['/lens spend 7d model:vault-model', /\$500\.00/],
    ['/lens spend 7d by model csv', /vault-model/, 2],
    ['/lens compare 7d', /vault-model/],
    ['/lens compare 7d by project', /vault/],
    ['/lens latency 7d', /vault-model/],
    ['/lens latency 7d by project', /vault/],
    ['/lens errors 7d', /vault-model/],
    ['/lens errors 7d by project', /vault/],
    ['/lens errors 7d chart', /1 of 2 calls|failed/, 2, 1],
    ['/lens unpriced 7d', /vault-unpriced/],
    ['/lens budgets', /vault/],
    ['/lens forecast', /vault/],
    ['/lens keys', /vault-key/],
    ['/lens audit 40', /vault/],
    ['/lens audit 40 by @pat', /vault/],
    ['/lens digest now', /vault-model/],
    ['/lens budget', /vault/],
    ['/lens stop', /vault/],
    ['/lens resume', /vault/],
    ['/lens people', /vault/],
  ])(
    'is in %s for an admin and whom it names, and for nobody else',
    async (text, finds, answers = 1, mine = answers) => {
      for (const userId of [alex, pat]) {
        const said = await shownBy(text, userId, answers)
        expect(said).toMatch(finds)
        expect(said).not.toContain(PARTIAL)
      }
      const said = await shownBy(text, sam, mine)
      expect(without(said, text)).not.toMatch(hidden)
      // Forms and lists of choices are no sums.
      if (!/lens (budget|stop|resume)$|by @pat/.test(text)) expect(said).toContain(PARTIAL)
    },
  )

  it('is answered about as one that is not there, by whichever name', async () => {
    const ways = [
      (name: string) => `/lens stop ${name} it runs away`,
      (name: string) => `/lens resume ${name}`,
      (name: string) => `/lens people ${name}`,
      (name: string) => `/lens spend 7d project:${name}`,
      (name: string) => `/lens errors 7d project:${name} by model`,
      (name: string) => `/lens compare 7d project:${name}`,
    ]
    for (const way of ways) {
      for (const [real, made] of [
        ['vault', 'vaulx'],
        [vault.id, `${vault.id.slice(0, -1)}x`],
      ] as const) {
        const instantless = (said: string) => said.replaceAll(/<!date[^>]*>|\d{13}|"block_id":"\w+"/g, '')
        const about = instantless(await shownBy(way(real), sam)).replaceAll(real, 'NAME')
        expect(about).toBe(instantless(await shownBy(way(made), sam)).replaceAll(made, 'NAME'))
      }
    }
    expect(await shownBy('/lens stop everything', sam)).toContain('Everything is more than the projects')
  })

  it('is in no Home but of those who see it, nor in its sums, menus and pictures', async () => {
    const homeOf = async (userId: string, words: RegExp) => {
      await opened.sandbox.openHome({ userId })
      return await eventually(async () => {
        const said = JSON.stringify((await opened.sandbox.home(userId))?.payload)
        expect(said).toMatch(words)
        return said
      })
    }
    const picturesOf = async (said: string) => {
      const urls = [...said.matchAll(/"image_url":"([^"]+)"/g)].map(([, url]) => url ?? '')
      expect(urls).toHaveLength(3)
      return await Promise.all(
        urls.map(async (url) => {
          const answer = await fetch(url)
          expect(answer.status).toBe(200)
          return Buffer.from(await answer.arrayBuffer()).toString('base64')
        }),
      )
    }
    for (const userId of [alex, pat]) {
      const said = await homeOf(userId, /image_url/)
      expect(said).toMatch(/\$503\.00.*vault-model/s)
      expect(said).toContain('vault-key')
    }
    const mine = await homeOf(sam, /image_url/)
    expect(wordsOf(mine)).not.toMatch(hidden)
    expect(mine).toContain(PARTIAL)
    expect(mine).toMatch(/\$3\.00/)
    expect(mine).toContain('open-key')
    const [mySpend] = await picturesOf(mine)
    expect(mySpend).not.toBe((await picturesOf(await homeOf(alex, /image_url/)))[0])
    // A guest sees what names them and nothing else, though everyone else sees it.
    const theirs = await homeOf(gus, /image_url/)
    expect(theirs).toMatch(/vault-model/)
    expect(wordsOf(theirs)).not.toMatch(/gpt-4o|open-key|support-bot|503/)
    expect(await homeOf(ned, /closed for you/)).not.toMatch(hidden)
  })

  it('shows whom it was hidden from nothing more by a picture of before', async () => {
    const { postgres, orgId, project } = opened.ground
    // Published by this opening: one that came later would undo the choice below.
    const before = (await opened.sandbox.home(sam))?.hash
    await opened.sandbox.openHome({ userId: sam })
    await eventually(async () => {
      const home = await opened.sandbox.home(sam)
      expect(home).not.toBeNull()
      expect(home?.hash).not.toBe(before)
    })
    const [place] = await postgres.tables.query.slackInstallations.findMany()
    const chosen = { type: 'static_select', selected_option: { value: project.id } }
    await opened.sandbox.press({
      ...{ userId: sam, viewId: (await opened.sandbox.home(sam))?.id ?? '', actionId: ACTIONS.homeProject },
      held: {
        ...chosen,
        selected_option: { text: { type: 'plain_text', text: project.name }, value: project.id },
      },
    })
    const urlOf = async () => {
      const said = JSON.stringify((await opened.sandbox.home(sam))?.payload)
      expect(said).toMatch(new RegExp(`initial_option":[^}]*[^]*${project.id}`))
      return /"image_url":"([^"]+)"/.exec(said)?.[1] ?? ''
    }
    const url = await eventually(async () => {
      const found = await urlOf()
      const body = Buffer.from(found.split('/charts/')[1]?.split('.')[0] ?? '', 'base64url').toString()
      expect(body).toContain(project.id)
      return found
    })
    const set = { orgId, projectId: project.id, placeId: place?.teamId ?? '', userIds: [], by: alex }
    const see = (visibility: 'named' | 'everyone') =>
      setVisibility(postgres, { ...set, visibility, origin: 'slack' }, opened.now())
    await see('named')
    expect((await fetch(url)).status).toBe(404)
    await see('everyone')
    expect((await fetch(url)).status).toBe(200)
  })
})
