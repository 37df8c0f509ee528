/** Rich text and tables: nested shapes with few limits of their own. */
import {
  anything,
  array,
  boolean,
  both,
  byType,
  type Check,
  isObject,
  number,
  object,
  oneOf,
  report,
  rule,
  string,
  url,
} from './validate-shape.ts'
import { blockId } from './validate-text.ts'

const type: Check = anything
const textStyle = object({
  optional: { bold: boolean, italic: boolean, strike: boolean, code: boolean, underline: boolean },
})
const styled = { style: textStyle }
const id = string({ charsMax: 255 })

const richTextElement = byType({
  text: object({ required: { type, text: string({ charsMin: 0, charsMax: 12_000 }) }, optional: styled }),
  link: object({
    required: { type, url: url(3000) },
    optional: { ...styled, text: string({ charsMax: 3000 }), unsafe: boolean },
  }),
  user: object({ required: { type, user_id: id }, optional: styled }),
  channel: object({ required: { type, channel_id: id }, optional: styled }),
  usergroup: object({ required: { type, usergroup_id: id }, optional: styled }),
  emoji: object({ required: { type, name: id }, optional: { ...styled, unicode: id, url: url(3000) } }),
  broadcast: object({ required: { type, range: oneOf('here', 'channel', 'everyone') }, optional: styled }),
  color: object({ required: { type, value: id }, optional: styled }),
  date: object({
    required: { type, timestamp: number({ whole: true }), format: string({ charsMax: 255 }) },
    optional: { ...styled, url: url(3000), fallback: string({ charsMax: 255 }) },
  }),
})

const inline = array(richTextElement, { itemsMin: 0, itemsMax: 1000 })
const border = { border: number({ min: 0, max: 1, whole: true }) }
const section = object({ required: { type, elements: inline } })

export const richTextBlock = object({
  required: {
    type,
    elements: array(
      byType({
        rich_text_section: section,
        rich_text_quote: object({ required: { type, elements: inline }, optional: border }),
        rich_text_preformatted: object({
          required: { type, elements: inline },
          optional: { ...border, language: id },
        }),
        rich_text_list: object({
          required: {
            type,
            style: oneOf('bullet', 'ordered'),
            elements: array(byType({ rich_text_section: section }), { itemsMax: 1000 }),
          },
          optional: {
            ...border,
            indent: number({ min: 0, max: 8, whole: true }),
            offset: number({ min: 0, whole: true }),
          },
        }),
      }),
      { itemsMax: 1000 },
    ),
  },
  optional: { block_id: blockId },
})

const cell = byType({
  raw_text: object({ required: { type, text: string({ charsMax: 10_000 }) } }),
  raw_number: object({ required: { type, value: number(), text: string({ charsMax: 255 }) } }),
  rich_text: richTextBlock,
})

const columnSetting: Check = (value, pointer, inspection) => {
  if (value === null) return
  object({ optional: { align: oneOf('left', 'center', 'right'), is_wrapped: boolean } })(
    value,
    pointer,
    inspection,
  )
}

const tableChars = rule((table, pointer, inspection) => {
  const rows = Array.isArray(table.rows) ? table.rows : []
  const cells = rows.flatMap((row) => (Array.isArray(row) ? row : [])).filter(isObject)
  const chars = cells.reduce((sum, one) => sum + (typeof one.text === 'string' ? one.text.length : 0), 0)
  if (chars > 10_000) report(inspection, 'table must be less than 10001 characters', pointer)
})

export const tableBlock = both(
  object({
    required: { type, rows: array(array(cell, { itemsMax: 20 }), { itemsMax: 100 }) },
    optional: { block_id: blockId, column_settings: array(columnSetting, { itemsMin: 0, itemsMax: 20 }) },
  }),
  tableChars,
)
