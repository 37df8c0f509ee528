/** The modal of `/lens digest`: which channel, how often, at which hour of which zone. */
import { WEEKDAYS } from '../../core/digest/digest-spans.ts'
import type { Digest } from '../../db/postgres/digests.ts'
import { COMMAND, FIELD_VALUE, FIELDS, VIEWS } from '../ids.ts'
import { ruleWords } from './digest.ts'
import { choiceField, textField } from './inputs.ts'
import { type Block, type ModalView, plain, section } from './text.ts'

const OFTEN = [
  { value: 'daily', text: 'Every day, about the day before' },
  ...WEEKDAYS.map((day, index) => ({
    value: String(index + 1),
    text: `Every ${day}, about the 7 days before`,
  })),
  { value: 'off', text: 'Never: end the digest of this channel' },
]
const HOURS = Array.from({ length: 24 }, (_, hour) => ({
  value: String(hour),
  text: `${String(hour).padStart(2, '0')}:00`,
}))
const SHOWN_MAX = 10

export function digestModal(digests: readonly Digest[], timeZone: string): ModalView {
  return {
    type: 'modal',
    callback_id: VIEWS.digest,
    title: plain('Digest', 24),
    submit: plain('Save', 24),
    close: plain('Cancel', 24),
    blocks: [
      section(standing(digests)),
      channelField(),
      choiceField({ id: FIELDS.often, label: 'How often', choices: OFTEN, initial: 'daily' }),
      choiceField({ id: FIELDS.hour, label: 'At', choices: HOURS, initial: '9' }),
      textField({
        ...{ id: FIELDS.timeZone, label: 'Time zone', initial: timeZone, placeholder: 'Europe/Berlin' },
        hint: 'Its days and its hour. As Area/Place, or UTC.',
      }),
    ],
  }
}

function standing(digests: readonly Digest[]): string {
  const seen = `\`${COMMAND} digest now\` shows you what a digest says.`
  if (digests.length === 0)
    return `Spend, what moved, what has no price, and budgets near their limits, in a channel. ${seen}`
  const lines = digests
    .slice(0, SHOWN_MAX)
    .map(({ channelId, rule }) => `•  <#${channelId}>: ${ruleWords(rule)}`)
  const more = digests.length - lines.length
  return [`Now. ${seen}`, ...lines, ...(more > 0 ? [`and ${more} more`] : [])].join('\n')
}

const channelField = (): Block => ({
  type: 'input',
  block_id: FIELDS.channel,
  label: plain('Channel'),
  hint: plain('One digest a channel. LensAI must be in it: type /invite @LensAI there first.'),
  element: {
    type: 'conversations_select',
    action_id: FIELD_VALUE,
    filter: { include: ['public', 'private'], exclude_bot_users: true },
    default_to_current_conversation: true,
  },
})
