/** Inputs of modals: one field a block, its action id always `FIELD_VALUE`. */
import { FIELD_VALUE } from '../ids.ts'
import { type Block, plain } from './text.ts'

export interface Choice {
  readonly value: string
  readonly text: string
}

interface Field {
  readonly id: string
  readonly label: string
  readonly hint?: string
}

export const textField = ({
  id,
  label,
  hint,
  initial = '',
  placeholder,
  multiline = false,
}: Field & {
  readonly initial?: string
  readonly placeholder: string
  readonly multiline?: boolean
}): Block => ({
  type: 'input',
  block_id: id,
  optional: true,
  label: plain(label),
  ...(hint === undefined ? {} : { hint: plain(hint) }),
  element: {
    type: 'plain_text_input',
    action_id: FIELD_VALUE,
    placeholder: plain(placeholder, 150),
    ...(multiline ? { multiline } : {}),
    ...(initial === '' ? {} : { initial_value: initial }),
  },
})

/** `tells` asks Slack to send each choice at once, so that the modal can follow it. */
export function choiceField({
  id,
  label,
  hint,
  choices,
  initial,
  tells = false,
}: Field & {
  readonly choices: readonly Choice[]
  readonly initial: string | null
  readonly tells?: boolean
}): Block {
  const options = choices.map(({ value, text }) => ({ text: plain(text, 75), value }))
  const chosen = options.find(({ value }) => value === initial)
  return {
    type: 'input',
    block_id: id,
    ...(tells ? { dispatch_action: true } : {}),
    label: plain(label),
    ...(hint === undefined ? {} : { hint: plain(hint) }),
    element: {
      type: 'static_select',
      action_id: FIELD_VALUE,
      options,
      ...(chosen ? { initial_option: chosen } : {}),
    },
  }
}
