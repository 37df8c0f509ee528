/**
 * Interactive elements: what may stand in an actions block, beside a section, or in an input block.
 * `file_input`, `workflow_button` and `external_select` are Slack's too but not modelled here, so they are
 * refused by name: nothing that this workspace accepts is something it cannot run.
 */
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
const date = string({ charsMax: 10, pattern: /^\d{4}-\d{2}-\d{2}$/ })
const time = string({ charsMax: 5, pattern: /^([01]\d|2[0-3]):[0-5]\d$/ })
const decimal = string({ charsMax: 40, pattern: /^-?\d+(\.\d+)?$/ })
const userId = string({ charsMax: 255, pattern: /^[UW][A-Z0-9]+$/ })
const conversationId = string({ charsMax: 255, pattern: /^[CDGUW][A-Z0-9]+$/ })
const actionable = { action_id: actionId, confirm, focus_on_load: boolean }
const placeable = { ...actionable, placeholder }

const button = object({
  required: { type, text: plainText(75) },
  optional: {
    action_id: actionId,
    confirm,
    url: url(3000),
    value: string({ charsMax: 2000 }),
    style,
    accessibility_label: string({ charsMax: 75 }),
  },
})

const choices = (initial: Record<string, Check>) =>
  both(
    object({
      required: { type, options: array(choiceOption, { itemsMax: 10 }) },
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
    include: array(oneOf('im', 'mpim', 'private', 'public'), { itemsMax: 4 }),
    exclude_external_shared_channels: boolean,
    exclude_bot_users: boolean,
  },
})

const selectedMax = { max_selected_items: number({ min: 1, whole: true }) }
const conversations = { default_to_current_conversation: boolean, filter: conversationFilter }

/** Elements that act at once: in actions blocks and beside sections. */
const acting: Record<string, Check> = {
  button,
  checkboxes: choices({ initial_options: array(choiceOption, { itemsMax: 10 }) }),
  radio_buttons: choices({ initial_option: choiceOption }),
  datepicker: picker({ initial_date: date }),
  timepicker: picker({ initial_time: time, timezone: string({ charsMax: 100 }) }),
  overflow: object({
    required: { type, options: array(menuOption, { itemsMax: 5 }) },
    optional: { action_id: actionId, confirm },
  }),
  static_select: menu({ initial_option: menuOption }),
  multi_static_select: menu({ initial_options: array(menuOption, { itemsMax: 100 }), ...selectedMax }),
  users_select: picker({ initial_user: userId }),
  multi_users_select: picker({ initial_users: array(userId, { itemsMax: 100 }), ...selectedMax }),
  channels_select: picker({ initial_channel: conversationId, response_url_enabled: boolean }),
  multi_channels_select: picker({
    initial_channels: array(conversationId, { itemsMax: 100 }),
    ...selectedMax,
  }),
  conversations_select: picker({
    initial_conversation: conversationId,
    response_url_enabled: boolean,
    ...conversations,
  }),
  multi_conversations_select: picker({
    initial_conversations: array(conversationId, { itemsMax: 100 }),
    ...conversations,
    ...selectedMax,
  }),
}

const datetimepicker = object({
  required: { type },
  optional: { ...actionable, initial_date_time: number({ min: 1e9, max: 9_999_999_999, whole: true }) },
})

const dispatchConfig = object({
  optional: {
    trigger_actions_on: array(oneOf('on_enter_pressed', 'on_character_entered'), { itemsMax: 2 }),
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
      initial_value: string({ charsMin: 0, charsMax: 3000 }),
      multiline: boolean,
      min_length: number({ min: 0, max: 3000, whole: true }),
      max_length: number({ min: 1, max: 3000, whole: true }),
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
    optional: { ...typed, initial_value: string({ charsMax: 3000 }) },
  }),
  url_text_input: object({ required: { type }, optional: { ...typed, initial_value: url(3000) } }),
})
