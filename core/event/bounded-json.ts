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
  const problem = problemIn(value, depthMax)
  if (problem === 'depth') {
    return { kind: 'refused', reason: `is nested deeper than ${depthMax} levels` }
  }
  if (problem === 'text') {
    return { kind: 'refused', reason: 'holds a NUL character or a lone surrogate, which no store can keep' }
  }
  const text = JSON.stringify(value)
  // A UTF-16 unit is at most three bytes.
  const bytes = text.length * 3 <= bytesMax ? text.length : Buffer.byteLength(text, 'utf8')
  if (bytes > bytesMax) {
    return { kind: 'refused', reason: `is ${bytes} bytes as JSON; it must be at most ${bytesMax}` }
  }
  return { kind: 'json', text }
}

function problemIn(value: unknown, depthLeft: number): 'depth' | 'text' | null {
  if (typeof value === 'string') return hasUnstorable(value) ? 'text' : null
  if (typeof value !== 'object' || value === null) return null
  if (depthLeft === 0) return 'depth'
  if (Array.isArray(value)) {
    for (const child of value) {
      const problem = problemIn(child, depthLeft - 1)
      if (problem) return problem
    }
    return null
  }
  for (const [key, child] of Object.entries(value)) {
    if (hasUnstorable(key)) return 'text'
    const problem = problemIn(child, depthLeft - 1)
    if (problem) return problem
  }
  return null
}

const hasUnstorable = (text: string): boolean =>
  !PLAIN.test(text) && (text.includes('\u0000') || LONE_SURROGATE.test(text))

/** Printable ASCII, which most text is: so the dearer tests are seldom asked. */
export const PLAIN = /^[\x20-\x7e]*$/

/** With the `u` flag a surrogate matches only when it is not half of a pair. */
export const LONE_SURROGATE = /\p{Surrogate}/u
