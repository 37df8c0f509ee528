/** Lists come in pages: `limit` and `cursor` ask for one, `next_cursor` leads to the next and is null at the end. */
import { type Fields, readFields } from './read-fields.ts'

export interface PageAsked {
  readonly rowsMax: number
  /** What the last row of the page before is known by. */
  readonly after: string | null
}

export interface Page<Item> {
  readonly items: readonly Item[]
  readonly next_cursor: string | null
}

const ROWS_DEFAULT = 50
export const ROWS_MAX = 200
export const PAGE_FIELDS = ['limit', 'cursor']

export const readQuery = (query: unknown, known: readonly string[] = []): Fields =>
  readFields(query, [...PAGE_FIELDS, ...known])

/** `isCursor` knows the cursors that a list gave. */
export function pageOf(fields: Fields, isCursor: (text: string) => boolean): PageAsked {
  return { rowsMax: rowsMaxOf(fields), after: cursorOf(fields, isCursor) }
}

function rowsMaxOf(fields: Fields): number {
  if (!fields.has('limit')) return ROWS_DEFAULT
  const text = fields.value('limit')
  const rows = typeof text === 'string' && /^\d{1,3}$/.test(text) ? Number(text) : 0
  if (rows >= 1 && rows <= ROWS_MAX) return rows
  fields.complain('limit', `must be a whole number from 1 to ${ROWS_MAX}`)
  return ROWS_DEFAULT
}

function cursorOf(fields: Fields, isCursor: (text: string) => boolean): string | null {
  if (!fields.has('cursor')) return null
  const given = fields.value('cursor')
  const text = typeof given === 'string' ? Buffer.from(given, 'base64url').toString() : ''
  if (isCursor(text)) return text
  fields.complain('cursor', 'is none that this list gave; leave it out to begin at the start')
  return null
}

/** A page of what was read with one row more than asked for. */
export function toPage<Row, Item>(
  rows: readonly Row[],
  { rowsMax }: PageAsked,
  { item, known }: { readonly item: (row: Row) => Item; readonly known: (row: Row) => string },
): Page<Item> {
  const shown = rows.slice(0, rowsMax)
  const last = shown.at(-1)
  const isMore = rows.length > rowsMax && last !== undefined
  return {
    items: shown.map(item),
    next_cursor: isMore ? Buffer.from(known(last)).toString('base64url') : null,
  }
}
