/**
 * Composition objects: text, options, confirmation dialogs, images by reference.
 * Limits are Slack's, from its Block Kit reference.
 */
import { type Limit, limit } from './limits.ts'
import {
  anything,
  array,
  boolean,
  both,
  byType,
  type Check,
  exactlyOne,
  isObject,
  object,
  oneOf,
  report,
  rule,
  string,
  url,
} from './validate-shape.ts'

const type: Check = anything

export function plainText(within: Limit): Check {
  return byType({
    plain_text: object({
      required: { type, text: string(within) },
      optional: { emoji: boolean },
    }),
  })
}

export function mrkdwn(within: Limit): Check {
  return byType({
    mrkdwn: object({ required: { type, text: string(within) }, optional: { verbatim: boolean } }),
  })
}

export function anyText(within: Limit): Check {
  const table = { plain_text: plainText(within), mrkdwn: mrkdwn(within) }
  return byType(table)
}

export const style = oneOf('primary', 'danger')
export const actionId = string(limit('element.action_id'))
export const blockId = string(limit('block.block_id'))
export const altText = string(limit('image.alt_text'))
export const placeholder = plainText(limit('element.placeholder'))

export const confirm = object({
  required: { text: anyText(limit('confirm.text')) },
  optional: {
    title: plainText(limit('confirm.title')),
    confirm: plainText(limit('confirm.confirm')),
    deny: plainText(limit('confirm.deny')),
    style,
  },
})

function option(text: (within: Limit) => Check): Check {
  return object({
    required: { text: text(limit('option.text')), value: string(limit('option.value')) },
    optional: { description: text(limit('option.description')), url: url(limit('option.url')) },
  })
}

/** Menus take plain text only; radio buttons and checkboxes take mrkdwn too. */
export const menuOption = option(plainText)
export const choiceOption = option(anyText)

const optionGroup = object({
  required: {
    label: plainText(limit('select.group_label')),
    options: array(menuOption, limit('select.group_options')),
  },
})

/** Options, or groups of options, never both; what is chosen at first must be one of them. */
export const menuOptions = {
  shape: {
    options: array(menuOption, limit('select.options')),
    option_groups: array(optionGroup, limit('select.option_groups')),
  },
  rules: both(exactlyOne('options', 'option_groups'), initialAmongOptions()),
}

export function initialAmongOptions(): Check {
  return rule((element, pointer, inspection) => {
    const known = new Set(optionsOf(element).map((item) => item.value))
    const initial = element.initial_option === undefined ? element.initial_options : [element.initial_option]
    if (!Array.isArray(initial)) return
    const key = element.initial_option === undefined ? 'initial_options' : 'initial_option'
    for (const chosen of initial)
      if (isObject(chosen) && !known.has(chosen.value))
        report(inspection, `${key} must be one of the options provided`, `${pointer}/${key}`)
  })
}

export function optionsOf(element: Record<string, unknown>): Record<string, unknown>[] {
  const groups = Array.isArray(element.option_groups) ? element.option_groups.filter(isObject) : []
  const lists = [element.options, ...groups.map((group) => group.options)]
  return lists.flatMap((list) => (Array.isArray(list) ? list.filter(isObject) : []))
}

const slackFileShape = both(
  object({
    optional: { id: string(limit('slack_file.id'), /^[F][A-Z0-9]{8,}$/), url: url(limit('slack_file.url')) },
  }),
  exactlyOne('id', 'url'),
)

export const slackFile: Check = (value, pointer, inspection) => {
  const faultsBefore = inspection.faults.length
  slackFileShape(value, pointer, inspection)
  if (inspection.faults.length > faultsBefore || !isObject(value)) return
  const refusal = inspection.fileRefusal({
    ...(typeof value.id === 'string' ? { id: value.id } : {}),
    ...(typeof value.url === 'string' ? { url: value.url } : {}),
  })
  if (refusal !== null) report(inspection, refusal, pointer)
}

/** The image as an element: in a context block or beside a section. */
export const imageElement = both(
  object({
    required: { type, alt_text: altText },
    optional: { image_url: url(limit('image.image_url')), slack_file: slackFile },
  }),
  exactlyOne('image_url', 'slack_file'),
)
