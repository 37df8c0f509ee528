/** Reads the values of a row one after another, as RowBytes wrote them. Throws a RangeError where the row ends too soon. */
export interface RowCursor {
  readonly row: Buffer
  at: number
}

export function takeText(cursor: RowCursor): string {
  const bytes = takeLength(cursor)
  const from = cursor.at
  cursor.at += bytes
  return cursor.row.toString('utf8', from, cursor.at)
}

export const takeNullableText = (cursor: RowCursor): string | null =>
  takeFlag(cursor) ? null : takeText(cursor)

export function takeTextMap(cursor: RowCursor): Record<string, string> {
  const entries: [string, string][] = []
  for (let left = takeLength(cursor); left > 0; left--) entries.push([takeText(cursor), takeText(cursor)])
  // Not by assignment, which makes no property of the name `__proto__`.
  return Object.fromEntries(entries)
}

export function skipText(cursor: RowCursor): void {
  // Apart from the reading, which moves the cursor too.
  const bytes = takeLength(cursor)
  cursor.at += bytes
}

export function skipNullable(cursor: RowCursor, skip: (cursor: RowCursor) => void): void {
  if (!takeFlag(cursor)) skip(cursor)
}

export const takeFlag = (cursor: RowCursor): boolean => cursor.row[cursor.at++] === 1

function takeLength(cursor: RowCursor): number {
  let length = 0
  for (let shift = 0; ; shift += 7) {
    const byte = cursor.row[cursor.at++]
    if (byte === undefined || shift > 28) throw new RangeError('the row ends within a value')
    length += (byte & 0x7f) * 2 ** shift
    if (byte < 0x80) return length
  }
}
