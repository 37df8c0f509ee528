/**
 * Free JSON of a caller, kept as text: bounded in bytes and depth, and of text that every store can hold
 * (Postgres refuses NUL, UTF-8 has no lone surrogates).
 */
export interface JsonBounds {
  readonly bytesMax: number
  readonly depthMax: number
}

export type BoundedJson =
  | { readonly kind: 'json'; readonly text: string }
  | { readonly kind: 'refused'; readonly reason: string }

/** The JSON text of an already parsed `value`; `reason` reads as the end of a sentence that names the field. */
export function boundedJson(value: unknown, { bytesMax, depthMax }: JsonBounds): BoundedJson {
  if (!isWithin(value, depthMax)) {
    return { kind: 'refused', reason: `is nested deeper than ${depthMax} levels` }
  }
  const text = JSON.stringify(value)
  // Written as JSON, what no store can keep is an escape.
  if (text.includes('\\u') && holdsUnstorable(value)) {
    return { kind: 'refused', reason: 'holds a NUL character or a lone surrogate, which no store can keep' }
  }
  // A UTF-16 unit is at most three bytes.
  const bytes = text.length * 3 <= bytesMax ? text.length : Buffer.byteLength(text, 'utf8')
  if (bytes > bytesMax) {
    return { kind: 'refused', reason: `is ${bytes} bytes as JSON; it must be at most ${bytesMax}` }
  }
  return { kind: 'json', text }
}

function isWithin(value: unknown, depthLeft: number): boolean {
  if (typeof value !== 'object' || value === null) return true
  if (depthLeft === 0) return false
  for (const child of Object.values(value)) if (!isWithin(child, depthLeft - 1)) return false
  return true
}

/** Of what is known not to be deep. */
function holdsUnstorable(value: unknown): boolean {
  if (typeof value === 'string') return isUnstorable(value)
  if (typeof value !== 'object' || value === null) return false
  return Object.entries(value).some(([key, child]) => isUnstorable(key) || holdsUnstorable(child))
}

const isUnstorable = (text: string): boolean => text.includes('\u0000') || LONE_SURROGATE.test(text)

/** Printable ASCII, which most text is: so the dearer tests are seldom asked. */
export const PLAIN = /^[\x20-\x7e]*$/

/** With the `u` flag a surrogate matches only when it is not half of a pair. */
export const LONE_SURROGATE = /\p{Surrogate}/u
