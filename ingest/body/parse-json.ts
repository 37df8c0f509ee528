/**
 * Parses JSON that is bounded before it is parsed: `[[[[…` of a few megabytes would hold the event loop for seconds
 * and `{},{},…` fill gigabytes.
 * Invariant: nothing deeper than DEPTH_MAX reaches JSON.parse, so whatever walks a body may recurse.
 */
export type ParsedJson =
  | { readonly kind: 'json'; readonly value: unknown }
  | { readonly kind: 'not_json' }
  | { readonly kind: 'too_deep' }
  | { readonly kind: 'too_many' }

/**
 * Lists and objects within each other. What we keep of a body is at most ten deep; what is dropped of it, as prompts
 * with schemas of tools in them, is deeper, and each of its levels is three in OTLP.
 */
export const DEPTH_MAX = 256
/** Lists and objects in one body: more than the largest body of any client has, and about 100 MB of memory. */
export const CONTAINERS_MAX = 1_000_000

const [QUOTE, BACKSLASH] = [0x22, 0x5c]
/** `[` and `{`, `]` and `}` differ in this bit alone. */
const [CASE, OPEN, CLOSE] = [0x20, 0x7b, 0x7d]

/** Reads the parts of one body, which share its bounds. */
export function jsonParser(): (text: string) => ParsedJson {
  let containersLeft = CONTAINERS_MAX
  return (text) => {
    const counted = count(text, containersLeft)
    if (typeof counted === 'string') return { kind: counted }
    containersLeft -= counted
    try {
      const value: unknown = JSON.parse(text)
      return { kind: 'json', value }
    } catch {
      return { kind: 'not_json' }
    }
  }
}

/** How many lists and objects begin in the text. Of what is no JSON it may be wrong after the place that is not. */
function count(text: string, containersMax: number): number | 'too_deep' | 'too_many' {
  let depth = 0
  let containers = 0
  const { length } = text
  for (let at = 0; at < length; at++) {
    const code = text.charCodeAt(at)
    if (code === QUOTE) {
      at = endOfString(text, at)
      continue
    }
    const bracket = code | CASE
    if (bracket === OPEN) {
      depth += 1
      containers += 1
      if (depth > DEPTH_MAX) return 'too_deep'
      if (containers > containersMax) return 'too_many'
    } else if (bracket === CLOSE) depth -= 1
  }
  return containers
}

/** Where the string that begins at `from` has its closing quote; the text's end when it has none. */
function endOfString(text: string, from: number): number {
  const end = text.indexOf('"', from + 1)
  if (end === -1) return text.length
  return text.charCodeAt(end - 1) === BACKSLASH ? endOfEscaped(text, from) : end
}

function endOfEscaped(text: string, from: number): number {
  const { length } = text
  let at = from + 1
  while (at < length) {
    const code = text.charCodeAt(at)
    if (code === QUOTE) return at
    at += code === BACKSLASH ? 2 : 1
  }
  return length
}
