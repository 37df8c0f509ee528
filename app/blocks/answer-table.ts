/** A table of short texts that Slack takes whatever they say: at most 100 rows, and 10,000 characters in all. */
import { type Block, clip } from './text.ts'

const ROWS_MAX = 100
const CHARS_MAX = 10_000

/** The first column is to the left, the others are figures. The longest texts are cut first. */
export function answerTable(rows: readonly (readonly string[])[]): Block {
  const shown = rows.slice(0, ROWS_MAX)
  let charsMax = 200
  const fits = () => shown.flat().reduce((sum, text) => sum + Math.min(text.length, charsMax), 0) <= CHARS_MAX
  while (charsMax > 5 && !fits()) charsMax -= 5
  // Slack refuses a cell without text.
  const cell = (text: string) => ({ type: 'raw_text' as const, text: clip(text || '–', charsMax) })
  return {
    type: 'table',
    column_settings: (shown[0] ?? []).map((_, index) =>
      index === 0 ? { align: 'left' as const, is_wrapped: true } : { align: 'right' as const },
    ),
    rows: shown.map((row) => row.map(cell)),
  }
}
