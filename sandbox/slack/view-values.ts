/**
 * The `state.values` of blocks: what inputs hold at first, what a person entered, and what Slack itself
 * objects to before anything is sent (an empty required field, a number out of range).
 */
import { isObject, type Json } from './validate-shape.ts'
import { optionsOf } from './validate-text.ts'
import type { ViewValues } from './workspace.ts'

/** For each kind of element: the key its value is sent under, and the key of its initial value. */
const valueKeys: Record<string, { value: string; initial: string; none: unknown }> = {
  plain_text_input: { value: 'value', initial: 'initial_value', none: null },
  number_input: { value: 'value', initial: 'initial_value', none: null },
  email_text_input: { value: 'value', initial: 'initial_value', none: null },
  url_text_input: { value: 'value', initial: 'initial_value', none: null },
  static_select: { value: 'selected_option', initial: 'initial_option', none: null },
  radio_buttons: { value: 'selected_option', initial: 'initial_option', none: null },
  checkboxes: { value: 'selected_options', initial: 'initial_options', none: [] },
  multi_static_select: { value: 'selected_options', initial: 'initial_options', none: [] },
  users_select: { value: 'selected_user', initial: 'initial_user', none: null },
  multi_users_select: { value: 'selected_users', initial: 'initial_users', none: [] },
  channels_select: { value: 'selected_channel', initial: 'initial_channel', none: null },
  multi_channels_select: { value: 'selected_channels', initial: 'initial_channels', none: [] },
  conversations_select: { value: 'selected_conversation', initial: 'initial_conversation', none: null },
  multi_conversations_select: { value: 'selected_conversations', initial: 'initial_conversations', none: [] },
  datepicker: { value: 'selected_date', initial: 'initial_date', none: null },
  timepicker: { value: 'selected_time', initial: 'initial_time', none: null },
  datetimepicker: { value: 'selected_date_time', initial: 'initial_date_time', none: null },
}

export interface PlacedElement {
  block: Json
  blockId: string
  element: Json
  actionId: string
}

export function elementsOf(blocks: unknown): PlacedElement[] {
  const list = Array.isArray(blocks) ? blocks.filter(isObject) : []
  return list.flatMap((block) => {
    const candidates = [
      block.element,
      block.accessory,
      ...(Array.isArray(block.elements) ? block.elements : []),
    ]
    return candidates
      .filter(isObject)
      .filter((element) => typeof element.action_id === 'string')
      .map((element) => ({
        block,
        blockId: String(block.block_id),
        element,
        actionId: String(element.action_id),
      }))
  })
}

/** `here` is the conversation a modal was opened from, for elements that default to it. */
export function initialValues(payload: Json, here: string | null = null): ViewValues {
  const values: ViewValues = {}
  for (const { blockId, actionId, element } of elementsOf(payload.blocks)) {
    const keys = valueKeys[String(element.type)]
    if (keys === undefined) continue
    const inBlock = values[blockId] ?? {}
    const current =
      element.default_to_current_conversation === true && here !== null
        ? defaultHere(element, here)
        : keys.none
    inBlock[actionId] = { type: element.type, [keys.value]: element[keys.initial] ?? current }
    values[blockId] = inBlock
  }
  return values
}

const defaultHere = (element: Json, here: string): unknown =>
  element.type === 'multi_conversations_select' ? [here] : here

/** What a person entered, over what was there; a choice given by its value alone becomes the whole option. */
export function enterValues(payload: Json, before: ViewValues, entered: unknown): ViewValues {
  const after: ViewValues = structuredClone(before)
  for (const { blockId, actionId, element } of elementsOf(payload.blocks)) {
    const inBlock = isObject(entered) ? entered[blockId] : undefined
    const given = isObject(inBlock) ? inBlock[actionId] : undefined
    const keys = valueKeys[String(element.type)]
    if (!isObject(given) || keys === undefined || after[blockId] === undefined) continue
    after[blockId][actionId] = {
      type: element.type,
      [keys.value]: completed(element, given[keys.value], keys.none),
    }
  }
  return after
}

function completed(element: Json, given: unknown, none: unknown): unknown {
  if (given === undefined || given === '') return none
  const whole = (choice: unknown): unknown => {
    if (!isObject(choice)) return choice
    return optionsOf(element).find((option) => option.value === choice.value) ?? choice
  }
  return Array.isArray(given) ? given.map(whole) : whole(given)
}

/** The words are Slack's client's; the app hears nothing of a view that fails here. */
export function refusedEntries(payload: Json, values: ViewValues): Record<string, string> {
  const errors: Record<string, string> = {}
  for (const { block, blockId, actionId, element } of elementsOf(payload.blocks)) {
    if (block.type !== 'input') continue
    const keys = valueKeys[String(element.type)]
    const value = keys ? values[blockId]?.[actionId]?.[keys.value] : undefined
    const empty =
      value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0)
    const complaint = empty
      ? block.optional === true
        ? null
        : 'Please complete this required field.'
      : complaintAbout(element, value)
    if (complaint !== null) errors[blockId] = complaint
  }
  return errors
}

function complaintAbout(element: Json, value: unknown): string | null {
  const text = String(value)
  if (element.type === 'number_input') return complaintAboutNumber(element, text)
  if (element.type === 'email_text_input' && !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text))
    return 'Please enter a valid email address.'
  if (element.type === 'url_text_input' && !URL.canParse(text)) return 'Please enter a valid URL.'
  if (element.type !== 'plain_text_input') return foreignChoice(element, value)
  if (typeof element.min_length === 'number' && text.length < element.min_length)
    return `Must be at least ${element.min_length} characters.`
  const max = typeof element.max_length === 'number' ? element.max_length : 3000
  return text.length > max ? `Must be at most ${max} characters.` : null
}

function complaintAboutNumber(element: Json, text: string): string | null {
  if (!/^-?\d+(\.\d+)?$/.test(text)) return 'Please enter a number.'
  if (element.is_decimal_allowed === false && text.includes('.')) return 'Please enter a whole number.'
  if (typeof element.min_value === 'string' && Number(text) < Number(element.min_value))
    return `Must be at least ${element.min_value}.`
  if (typeof element.max_value === 'string' && Number(text) > Number(element.max_value))
    return `Must be at most ${element.max_value}.`
  return null
}

/** A person can pick only what was offered. */
function foreignChoice(element: Json, value: unknown): string | null {
  const offered = optionsOf(element)
  if (offered.length === 0) return null
  const chosen = Array.isArray(value) ? value : [value]
  const known = chosen.every((one) => isObject(one) && offered.some((option) => option.value === one.value))
  return known ? null : 'Please choose one of the options.'
}
