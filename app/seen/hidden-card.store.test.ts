/** The card of a project that is for named people, in a channel where others see it: it tells them nothing and does nothing for them. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type HiddenProject, layHiddenProject } from '../../test/hidden-project.ts'
import { general, llmCosts, sam } from '../../test/opened-sandbox.ts'
import { type Message, textOf } from '../../test/people-in-slack.ts'
import { eventually } from '../../test/waiting.ts'
import { ACTIONS, FIELD_VALUE, FIELDS } from '../ids.ts'

let opened: HiddenProject['opened']
let people: HiddenProject['people']
let wideBudgetId: string
let hidden: RegExp

beforeAll(async () => {
  ;({ opened, people, wideBudgetId, hidden } = await layHiddenProject())
})
afterAll(() => opened.close())

describe('its card, in a channel with others', () => {
  it.each([
    ...[ACTIONS.override, ACTIONS.stop, ACTIONS.resume, ACTIONS.drivers, ACTIONS.acknowledge],
    ACTIONS.cardMore,
  ])('does nothing by %s for whom it is hidden from, and tells them nothing', async (actionId) => {
    const card = await people.card()
    const value = JSON.stringify(card.blocks).match(/"value":"((?:bud_)[^"|]+\|[^"]+)"/)?.[1] ?? ''
    expect(value).not.toBe('')
    const [before, modal] = [await stateOf(), await opened.sandbox.modal(sam)]
    const copied = await people.copyOf(cardWith(card, actionId, value))
    const options = { type: 'overflow', selected_option: { value: `adjust|${value}` } }
    await opened.sandbox.press({
      ...{ userId: sam, actionId, channelId: copied.channelId, messageTs: copied.ts },
      ...(actionId === ACTIONS.cardMore ? { held: options } : {}),
    })
    const said = await people.lastEphemeral(sam, /This budget no longer exists/)
    expect(textOf(said)).not.toMatch(hidden)
    expect((await opened.sandbox.modal(sam))?.id).toBe(modal?.id)
    expect(await stateOf()).toEqual(before)
  })

  it('is nobody to change by a form that says its name', async () => {
    await opened.sandbox.command({ userId: sam, channelId: general, text: '/lens budget' })
    const view = await eventually(async () => {
      const modal = await opened.sandbox.modal(sam)
      expect(JSON.stringify(modal?.payload)).toContain(FIELDS.project)
      return modal
    })
    expect(JSON.stringify(view?.payload)).not.toMatch(hidden)
    expect(wideBudgetId).not.toBe('')
    const shown = opened.ground.project.id
    const answer = await opened.sandbox.submitView({
      userId: sam,
      viewId: view?.id ?? '',
      values: {
        [FIELDS.project]: {
          [FIELD_VALUE]: { type: 'static_select', selected_option: { value: 'everything' } },
        },
        [`${FIELDS.limit}:${shown}`]: { [FIELD_VALUE]: { type: 'plain_text_input', value: '5' } },
        [`${FIELDS.channel}:${shown}`]: {
          [FIELD_VALUE]: { type: 'conversations_select', selected_conversation: llmCosts },
        },
      },
    })
    expect(JSON.stringify(answer)).toMatch(/covers projects that you do not see/)
  })
})

const stateOf = async () => {
  const { tables } = opened.ground.postgres
  return [
    await tables.query.budgets.findMany(),
    await tables.query.auditLog.findMany(),
    await tables.query.overrides.findMany(),
  ]
}

/** The card with the one button or menu, as a card has it in another state. */
const cardWith = (card: Message, actionId: string, value: string): Message => ({
  ...card,
  blocks: [
    {
      type: 'actions',
      elements: [
        actionId === ACTIONS.cardMore
          ? {
              type: 'overflow',
              action_id: actionId,
              options: [
                { text: { type: 'plain_text', text: 'Adjust' }, value: `adjust|${value}` },
                { text: { type: 'plain_text', text: 'Quiet' }, value: `loud|${value}` },
              ],
            }
          : {
              type: 'button',
              action_id: actionId,
              text: { type: 'plain_text', text: 'Press' },
              value,
            },
      ],
    },
  ],
})
