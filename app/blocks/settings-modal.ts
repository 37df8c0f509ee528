/** The modal of `/lens settings`: who may override, for how long, and how much at once. */
import type { OverridePolicy } from '../../core/budget/override.ts'
import { toUsdDecimal } from '../../core/money.ts'
import { FIELD_VALUE, FIELDS, VIEWS } from '../ids.ts'
import { type ModalView, plain } from './text.ts'

const LIFTERS = {
  admins: 'Admins and approvers (/lens people)',
  members: 'Every full member of the workspace',
} as const

export function settingsModal(policy: OverridePolicy): ModalView {
  const option = (value: OverridePolicy['lifters']) => ({ text: plain(LIFTERS[value], 75), value })
  return {
    type: 'modal',
    callback_id: VIEWS.settings,
    title: plain('Override policy', 24),
    submit: plain('Save', 24),
    close: plain('Cancel', 24),
    blocks: [
      {
        type: 'input',
        block_id: FIELDS.lifters,
        label: plain('Who may let calls pass again'),
        element: {
          type: 'radio_buttons',
          action_id: FIELD_VALUE,
          options: [option('admins'), option('members')],
          initial_option: option(policy.lifters),
        },
      },
      {
        type: 'input',
        block_id: FIELDS.windows,
        label: plain('For how long: the choices'),
        hint: plain('With s, m, h or d, and commas between: 15m, 1h, 4h, 1d. At most ten, none over 31d.'),
        element: {
          type: 'plain_text_input',
          action_id: FIELD_VALUE,
          initial_value: policy.windowsS.map(writeWindow).join(', '),
        },
      },
      {
        type: 'input',
        block_id: FIELDS.amountMax,
        optional: true,
        label: plain('The most that one override may add, in USD'),
        hint: plain('Empty for no bound.'),
        element: {
          type: 'plain_text_input',
          action_id: FIELD_VALUE,
          ...(policy.amountMax === null
            ? {}
            : { initial_value: toUsdDecimal(policy.amountMax).replace(/\.?0+$/, '') }),
        },
      },
    ],
  }
}

const UNITS = { d: 86_400, h: 3_600, m: 60, s: 1 } as const
const WINDOWS_MAX = 10
const WINDOW_MAX_S = 31 * 86_400

function writeWindow(seconds: number): string {
  const [unit, size] = Object.entries(UNITS).find(([, size]) => seconds % size === 0) ?? ['s', 1]
  return `${seconds / size}${unit}`
}

/** `15m, 1h` as seconds, ascending and each once; null when any part is none, or there are too many or too long. */
export function readWindows(text: string): number[] | null {
  const parts = text.split(/[,;\s]+/).filter((part) => part !== '')
  const seconds = parts.map((part) => {
    const match = /^(\d{1,6})([smhd])$/i.exec(part)
    const unit = match?.[2]?.toLowerCase()
    return match && isUnit(unit) ? Number(match[1]) * UNITS[unit] : 0
  })
  const unique = [...new Set(seconds)].sort((a, b) => a - b)
  const good = unique.every((one) => one > 0 && one <= WINDOW_MAX_S)
  return good && unique.length >= 1 && unique.length <= WINDOWS_MAX ? unique : null
}

const isUnit = (text: string | undefined): text is keyof typeof UNITS =>
  text !== undefined && Object.hasOwn(UNITS, text)
