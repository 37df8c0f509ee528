/** What a person does with the app in the local Slack, and what they see: the steps that tests of the card share. */
import { expect } from 'vitest'
import { ACTIONS, FIELD_VALUE, FIELDS } from '../app/ids.ts'
import { openSlack } from '../app/slack/web-client.ts'
import { readVerdict } from '../db/postgres/verdicts.ts'
import type { Message } from '../sandbox/slack/workspace.ts'
import type { OpenedApp } from './opened-app.ts'
import { alex, botToken, general, llmCosts } from './opened-sandbox.ts'
import { eventually } from './waiting.ts'

export type { Message }

export const textOf = (message: Pick<Message, 'text' | 'blocks'> | undefined) =>
  `${message?.text ?? ''} ${JSON.stringify(message?.blocks ?? [])}`

const input = (value: Record<string, unknown>) => ({ [FIELD_VALUE]: value })

export function peopleIn(opened: OpenedApp) {
  /** Runs `/lens budget` as a person does: opens the modal, fills it, saves. */
  async function setBudget(limit: string, channelId = llmCosts, userId = alex) {
    const { sandbox, ground } = opened
    await sandbox.command({ userId, channelId: general, text: '/lens budget' })
    const view = await eventually(async () => {
      const modal = await sandbox.modal(userId)
      if (!modal) throw new Error('no modal yet')
      return modal
    })
    return await sandbox.submitView({
      userId,
      viewId: view.id,
      values: {
        [FIELDS.project]: input({ type: 'static_select', selected_option: { value: ground.project.id } }),
        [`${FIELDS.limit}:${ground.project.id}`]: input({ type: 'plain_text_input', value: limit }),
        [`${FIELDS.channel}:${ground.project.id}`]: input({
          type: 'conversations_select',
          selected_conversation: channelId,
        }),
      },
    })
  }

  const card = (channelId = llmCosts) =>
    eventually(async () => {
      const [first] = (await opened.sandbox.messages(channelId)).filter(({ threadTs }) => threadTs === null)
      if (!first) throw new Error('no card yet')
      return first
    })

  const cardSays = (words: string | RegExp, channelId = llmCosts) =>
    eventually(async () => {
      const found = await card(channelId)
      expect(textOf(found)).toMatch(words)
      return found
    })

  async function threadOf(message: Message): Promise<Message[]> {
    return (await opened.sandbox.thread(message.channelId, message.ts)).slice(1)
  }

  const press = async (actionId: string, userId = alex, on?: Message) => {
    const message = on ?? (await card())
    return await opened.sandbox.press({
      userId,
      actionId,
      channelId: message.channelId,
      messageTs: message.ts,
    })
  }

  const lastEphemeral = (userId: string, words: string | RegExp) =>
    eventually(async () => {
      const last = (await opened.sandbox.ephemerals(userId)).at(-1)
      expect(textOf(last)).toMatch(words)
      return last
    })

  const isAllowed = async () =>
    (await readVerdict(opened.ground.postgres.tables, opened.ground.project.id, opened.now())).allowed

  const override = async (userId: string, amount = '10') => {
    await press(ACTIONS.override, userId)
    return await submitOverride(userId, amount)
  }

  async function submitOverride(userId: string, amount = '10') {
    const view = await eventually(async () => {
      const modal = await opened.sandbox.modal(userId)
      if (!modal) throw new Error('no modal yet')
      return modal
    })
    return await opened.sandbox.submitView({
      userId,
      viewId: view.id,
      values: {
        [FIELDS.amount]: input({ type: 'plain_text_input', value: amount }),
        [FIELDS.window]: input({ type: 'static_select', selected_option: { value: '900' } }),
        [FIELDS.reason]: input({ type: 'plain_text_input', value: 'the launch is today' }),
      },
    })
  }

  /** The modal on top, once it says so. */
  const modalSays = (userId: string, words: string | RegExp) =>
    eventually(async () => {
      const modal = await opened.sandbox.modal(userId)
      expect(JSON.stringify(modal?.payload)).toMatch(words)
      if (!modal) throw new Error('no modal yet')
      return modal
    })

  /** A change of one input that tells the app at once. */
  const enter = async (userId: string, field: string, held: Record<string, unknown>) => {
    const viewId = (await opened.sandbox.modal(userId))?.id ?? ''
    return await opened.sandbox.press({ userId, viewId, blockId: field, actionId: FIELD_VALUE, held })
  }

  const submitReason = async (userId: string, reason: string) => {
    const viewId = (await modalSays(userId, FIELDS.reason)).id
    const values = { [FIELDS.reason]: input({ type: 'plain_text_input', value: reason }) }
    return await opened.sandbox.submitView({ userId, viewId, values })
  }

  /** A message as it stands now, which nothing will update: what someone pressed before it changed under their eyes. */
  async function copyOf({ channelId, text, blocks }: Message): Promise<Message> {
    await openSlack(botToken, opened.deps).apiCall('chat.postMessage', { channel: channelId, text, blocks })
    const found = (await opened.sandbox.messages(channelId)).at(-1)
    if (!found) throw new Error('the copy is not there')
    return found
  }

  return {
    copyOf,
    modalSays,
    enter,
    submitReason,
    setBudget,
    card,
    cardSays,
    threadOf,
    press,
    lastEphemeral,
    isAllowed,
    override,
    submitOverride,
  }
}
