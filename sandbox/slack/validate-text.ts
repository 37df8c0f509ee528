/**
 * Composition objects: text, options, confirmation dialogs, images by reference.
 * Limits are Slack's, from its Block Kit reference.
 */
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

export function plainText(charsMax: number): Check {
  return byType({
    plain_text: object({
      required: { type, text: string({ charsMax }) },
      optional: { emoji: boolean },
    }),
  })
}

export function mrkdwn(charsMax: number): Check {
  return byType({
    mrkdwn: object({ required: { type, text: string({ charsMax }) }, optional: { verbatim: boolean } }),
  })
}

export function anyText(charsMax: number): Check {
  const table = { plain_text: plainText(charsMax), mrkdwn: mrkdwn(charsMax) }
  return byType(table)
}

export const style = oneOf('primary', 'danger')
export const actionId = string({ charsMax: 255 })
export const blockId = string({ charsMax: 255 })
export const altText = string({ charsMax: 2000 })
export const placeholder = plainText(150)

export const confirm = object({
  required: { text: anyText(300) },
  optional: { title: plainText(100), confirm: plainText(30), deny: plainText(30), style },
})

function option(text: Check, charsMax: { value: number; description: number }): Check {
  return object({
    required: { text, value: string({ charsMax: charsMax.value }) },
    optional: { description: text, url: url(3000) },
  })
}

/** Menus take plain text only; radio buttons and checkboxes take mrkdwn too. */
export const menuOption = option(plainText(75), { value: 150, description: 75 })
export const choiceOption = option(anyText(75), { value: 150, description: 75 })

const optionGroup = object({
  required: { label: plainText(75), options: array(menuOption, { itemsMax: 100 }) },
})

/** Options, or groups of options, never both; what is chosen at first must be one of them. */
export const menuOptions = {
  shape: {
    options: array(menuOption, { itemsMax: 100 }),
    option_groups: array(optionGroup, { itemsMax: 100 }),
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
    optional: { id: string({ charsMax: 255, pattern: /^[F][A-Z0-9]{8,}$/ }), url: url(3000) },
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
    optional: { image_url: url(3000), slack_file: slackFile },
  }),
  exactlyOne('image_url', 'slack_file'),
)
