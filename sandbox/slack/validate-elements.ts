/**
 * Interactive elements: what may stand in an actions block, beside a section, or in an input block.
 * `file_input`, `workflow_button` and `external_select` are Slack's too but not modelled here, so they are
 * refused by name: nothing that this workspace accepts is something it cannot run.
 */
import { limit } from './limits.ts'
import {
  anything,
  array,
  boolean,
  both,
  byType,
  type Check,
  number,
  object,
  oneOf,
  report,
  rule,
  string,
  url,
} from './validate-shape.ts'
import {
  actionId,
  choiceOption,
  confirm,
  imageElement,
  initialAmongOptions,
  menuOption,
  menuOptions,
  placeholder,
  plainText,
  style,
} from './validate-text.ts'

const type: Check = anything
const date = string(null, /^\d{4}-\d{2}-\d{2}$/)
const time = string(null, /^([01]\d|2[0-3]):[0-5]\d$/)
const decimal = string(limit('number_input.value'), /^-?\d+(\.\d+)?$/)
const userId = string(limit('element.initial_id'), /^[UW][A-Z0-9]+$/)
const conversationId = string(limit('element.initial_id'), /^[CDGUW][A-Z0-9]+$/)
const actionable = { action_id: actionId, confirm, focus_on_load: boolean }
const placeable = { ...actionable, placeholder }

const button = object({
  required: { type, text: plainText(limit('button.text')) },
  optional: {
    action_id: actionId,
    confirm,
    url: url(limit('button.url')),
    value: string(limit('button.value')),
    style,
    accessibility_label: string(limit('button.accessibility_label')),
  },
})

const choices = (initial: Record<string, Check>) =>
  both(
    object({
      required: { type, options: array(choiceOption, limit('choices.options')) },
      optional: { ...actionable, ...initial },
    }),
    initialAmongOptions(),
  )

const menu = (initial: Record<string, Check>) =>
  both(
    object({ required: { type }, optional: { ...placeable, ...menuOptions.shape, ...initial } }),
    menuOptions.rules,
  )

const picker = (optional: Record<string, Check>) =>
  object({ required: { type }, optional: { ...placeable, ...optional } })

const conversationFilter = object({
  optional: {
    include: array(oneOf('im', 'mpim', 'private', 'public'), limit('filter.include')),
    exclude_external_shared_channels: boolean,
    exclude_bot_users: boolean,
  },
})

const selectedMax = {
  max_selected_items: number({ within: limit('element.max_selected_items'), whole: true }),
}
const conversations = { default_to_current_conversation: boolean, filter: conversationFilter }

/** Elements that act at once: in actions blocks and beside sections. */
const acting: Record<string, Check> = {
  button,
  checkboxes: choices({ initial_options: array(choiceOption, limit('choices.options')) }),
  radio_buttons: choices({ initial_option: choiceOption }),
  datepicker: picker({ initial_date: date }),
  timepicker: picker({ initial_time: time, timezone: string(limit('timepicker.timezone')) }),
  overflow: object({
    required: { type, options: array(menuOption, limit('overflow.options')) },
    optional: { action_id: actionId, confirm },
  }),
  static_select: menu({ initial_option: menuOption }),
  multi_static_select: menu({
    initial_options: array(menuOption, limit('element.initial_items')),
    ...selectedMax,
  }),
  users_select: picker({ initial_user: userId }),
  multi_users_select: picker({
    initial_users: array(userId, limit('element.initial_items')),
    ...selectedMax,
  }),
  channels_select: picker({ initial_channel: conversationId, response_url_enabled: boolean }),
  multi_channels_select: picker({
    initial_channels: array(conversationId, limit('element.initial_items')),
    ...selectedMax,
  }),
  conversations_select: picker({
    initial_conversation: conversationId,
    response_url_enabled: boolean,
    ...conversations,
  }),
  multi_conversations_select: picker({
    initial_conversations: array(conversationId, limit('element.initial_items')),
    ...conversations,
    ...selectedMax,
  }),
}

const datetimepicker = object({
  required: { type },
  optional: {
    ...actionable,
    initial_date_time: number({ within: limit('datetimepicker.initial_date_time'), whole: true }),
  },
})

const dispatchConfig = object({
  optional: {
    trigger_actions_on: array(
      oneOf('on_enter_pressed', 'on_character_entered'),
      limit('dispatch.trigger_actions_on'),
    ),
  },
})
const typed = {
  action_id: actionId,
  focus_on_load: boolean,
  placeholder,
  dispatch_action_config: dispatchConfig,
}

const lengthsInOrder = rule((element, pointer, inspection) => {
  const { min_length: min, max_length: max } = element
  if (typeof min === 'number' && typeof max === 'number' && min > max)
    report(inspection, 'min_length must not be greater than max_length', `${pointer}/min_length`)
})

const plainTextInput = both(
  object({
    required: { type },
    optional: {
      ...typed,
      initial_value: string(limit('text_input.initial_value')),
      multiline: boolean,
      min_length: number({ within: limit('text_input.min_length'), whole: true }),
      max_length: number({ within: limit('text_input.max_length'), whole: true }),
    },
  }),
  lengthsInOrder,
)

const valuesInOrder = rule((element, pointer, inspection) => {
  const { min_value: min, max_value: max } = element
  if (typeof min === 'string' && typeof max === 'string' && Number(min) > Number(max))
    report(inspection, 'min_value must not be greater than max_value', `${pointer}/min_value`)
})

const numberInput = both(
  object({
    required: { type, is_decimal_allowed: boolean },
    optional: { ...typed, initial_value: decimal, min_value: decimal, max_value: decimal },
  }),
  valuesInOrder,
)

export const actionsElement = byType({ ...acting, datetimepicker })
export const sectionAccessory = byType({ ...acting, image: imageElement })

const { button: _button, overflow: _overflow, ...enterable } = acting
export const inputElement = byType({
  ...enterable,
  datetimepicker,
  plain_text_input: plainTextInput,
  number_input: numberInput,
  email_text_input: object({
    required: { type },
    optional: { ...typed, initial_value: string(limit('email_input.initial_value')) },
  }),
  url_text_input: object({
    required: { type },
    optional: { ...typed, initial_value: url(limit('url_input.initial_value')) },
  }),
})
