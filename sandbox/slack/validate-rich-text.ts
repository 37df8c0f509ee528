/** Rich text and tables: nested shapes with few limits of their own. */
import { limit } from './limits.ts'
import {
  anything,
  array,
  boolean,
  both,
  byType,
  type Check,
  filled,
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
const id = string(limit('rich_text.id'))
const link = url(limit('rich_text.url'))

const richTextElement = byType({
  text: object({ required: { type, text: string(limit('rich_text.text')) }, optional: styled }),
  link: object({
    required: { type, url: link },
    optional: { ...styled, text: string(limit('rich_text.link_text')), unsafe: boolean },
  }),
  user: object({ required: { type, user_id: id }, optional: styled }),
  channel: object({ required: { type, channel_id: id }, optional: styled }),
  usergroup: object({ required: { type, usergroup_id: id }, optional: styled }),
  emoji: object({ required: { type, name: id }, optional: { ...styled, unicode: id, url: link } }),
  broadcast: object({ required: { type, range: oneOf('here', 'channel', 'everyone') }, optional: styled }),
  color: object({ required: { type, value: id }, optional: styled }),
  date: object({
    required: { type, timestamp: number({ whole: true }), format: id },
    optional: { ...styled, url: link, fallback: id },
  }),
})

const inline = array(richTextElement, limit('rich_text.inline'))
const border = { border: number({ within: limit('rich_text.border'), whole: true }) }
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
            elements: array(byType({ rich_text_section: section }), limit('rich_text.list')),
          },
          optional: {
            ...border,
            indent: number({ within: limit('rich_text.indent'), whole: true }),
            offset: number({ whole: true }),
          },
        }),
      }),
      limit('rich_text.elements'),
    ),
  },
  optional: { block_id: blockId },
})

const cell = byType({
  /** What all cells of a table hold together is counted below. */
  raw_text: object({ required: { type, text: filled } }),
  raw_number: object({ required: { type, value: number(), text: string(limit('table.number_text')) } }),
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
  const most = limit('table.chars')
  if (chars > most.max)
    report(inspection, `table must be less than ${most.max + 1} characters`, pointer, most)
})

export const tableBlock = both(
  object({
    required: { type, rows: array(array(cell, limit('table.cells')), limit('table.rows')) },
    optional: { block_id: blockId, column_settings: array(columnSetting, limit('table.column_settings')) },
  }),
  tableChars,
)
