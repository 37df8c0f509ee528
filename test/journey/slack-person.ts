/** What a person does in Slack during a journey; every step is a signed HTTP request to the app. */
import { ACTIONS, COMMAND, FIELD_VALUE, FIELDS } from '../../app/ids.ts'
import type { SandboxSlack } from '../../sandbox/slack/server.ts'
import type { View } from '../../sandbox/slack/workspace.ts'
import { until } from '../waiting.ts'

export interface SlackPerson {
  /** `/lens settings`: who may lift, and the windows that are offered. */
  setOverrideWindows(windows: string): Promise<void>
  /** `/lens budget`: the first project's monthly limit, its card in the channel. */
  setBudget(limit: string): Promise<void>
  /** The card's message, once it stands in the channel. */
  untilCard(): Promise<string>
  /** Override on the card, with the first window that is offered; when the modal was submitted, in ms since 1970. */
  override(amount: string): Promise<number>
}

const STEP_WITHIN_MS = 20_000
const CARDS_CHANNEL = 'llm-costs'

export async function openPerson(slack: SandboxSlack): Promise<SlackPerson> {
  const userId = (await slack.users()).find((user) => user.isAdmin)?.id ?? ''
  const channelId = (await slack.channels()).find((channel) => channel.name === CARDS_CHANNEL)?.id ?? ''

  const openModal = async (open: () => Promise<unknown>) => {
    const before = (await slack.modal(userId))?.id
    await open()
    return await until('a modal opens', STEP_WITHIN_MS, async () => {
      const modal = await slack.modal(userId)
      return modal && modal.id !== before ? modal : null
    })
  }
  const submit = async (modal: View, values: Record<string, Record<string, unknown>>) => {
    const at = Date.now()
    const held = Object.fromEntries(
      Object.entries(values).map(([field, value]) => [blockOf(modal, field), { [FIELD_VALUE]: value }]),
    )
    const { outcome, errors } = await slack.submitView({ userId, viewId: modal.id, values: held })
    if (outcome !== 'closed') throw new Error(`a modal was not taken: ${outcome} ${JSON.stringify(errors)}`)
    return at
  }
  const untilCard = () =>
    until('a card stands in the channel', STEP_WITHIN_MS, async () => {
      const cards = await slack.messages(channelId)
      return cards.find((message) => message.botId !== null && message.threadTs === null)?.ts ?? null
    })

  return {
    untilCard,
    setOverrideWindows: async (windows) => {
      const modal = await openModal(() => slack.command({ userId, channelId, text: `${COMMAND} settings` }))
      await submit(modal, { [FIELDS.windows]: { value: windows } })
    },
    setBudget: async (limit) => {
      const modal = await openModal(() => slack.command({ userId, channelId, text: `${COMMAND} budget` }))
      await submit(modal, {
        [FIELDS.limit]: { value: limit },
        [FIELDS.channel]: { selected_conversation: channelId },
      })
    },
    override: async (amount) => {
      const messageTs = await untilCard()
      const modal = await openModal(() =>
        slack.press({ userId, channelId, messageTs, actionId: ACTIONS.override }),
      )
      return await submit(modal, {
        [FIELDS.amount]: { value: amount },
        [FIELDS.reason]: { value: 'the launch must go on' },
      })
    },
  }
}

/** The modal's block that holds a field; its id may say more after the field's name. */
function blockOf(modal: View, field: string): string {
  const { blocks } = modal.payload
  const ids = Array.isArray(blocks)
    ? blocks.map((block: { block_id?: unknown }) => String(block.block_id))
    : []
  const found = ids.find((id) => id === field || id.startsWith(`${field}:`))
  if (found === undefined) throw new Error(`the modal has no ${field}, only ${ids.join(', ')}`)
  return found
}
