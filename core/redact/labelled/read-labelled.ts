/**
 * Labelled strings as they are written: a line is `field | text`, what is to be found is in ⟦kind:...⟧.
 * Keys of known shapes are put together here, so that no file holds one whole: `{}` is nothing, `{n36}` 36 letters and
 * digits, h hex, u capitals and digits, l letters, d digits, b base64url; the same at every reading.
 */
import { DETECTED_KINDS, type DetectedKind, type Finding } from '../kinds.ts'

export interface Labelled {
  /** `user_id`, `session_id`, `route`, `environment`, `tag:NAME` or `meta:NAME`. */
  readonly field: string
  readonly text: string
  readonly expected: readonly Finding[]
}

export const readLabelled = (lines: string): Labelled[] =>
  lines
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => readLine(line))

/** The name that a finder is told, if the field has one. */
export const nameOf = ({ field }: Labelled): string | null => /^(?:tag|meta):(.+)$/.exec(field)?.[1] ?? null

function readLine(line: string): Labelled {
  const cut = line.indexOf(' | ')
  if (cut === -1) throw new Error(`no field: ${line}`)
  const marked = filled(line.slice(cut + 3))
  const expected: Finding[] = []
  let text = ''
  for (const part of marked.split(/(⟦[a-z_]+:[^⟧]*⟧)/)) {
    const [, kind, value = ''] = /^⟦([a-z_]+):([^⟧]*)⟧$/.exec(part) ?? []
    if (kind !== undefined) {
      expected.push({ kind: knownKind(kind), from: text.length, until: text.length + value.length })
      text += value
    } else text += part
  }
  return { field: line.slice(0, cut), text, expected }
}

function knownKind(text: string): DetectedKind {
  const kind = DETECTED_KINDS.find((known) => known === text)
  if (kind === undefined) throw new Error(`no such kind: ${text}`)
  return kind
}

const LETTERS = 'abcdefghijklmnopqrstuvwxyz'
const ALPHABETS: Readonly<Record<string, string>> = {
  n: `${LETTERS}${LETTERS.toUpperCase()}0123456789`,
  h: '0123456789abcdef',
  u: `${LETTERS.toUpperCase()}0123456789`,
  l: `${LETTERS}${LETTERS.toUpperCase()}`,
  d: '0123456789',
  b: `${LETTERS}${LETTERS.toUpperCase()}0123456789-_`,
}

function filled(text: string): string {
  let seed = [...text].reduce((sum, char) => (sum * 31 + char.charCodeAt(0)) % 2_147_483_647, 7)
  return text.replaceAll(/\{(?:([nhuldb])(\d+))?\}/g, (_, alphabet?: string, count?: string) => {
    const chars = ALPHABETS[alphabet ?? ''] ?? ''
    return Array.from({ length: Number(count ?? 0) }, () => {
      seed = (seed * 48_271) % 2_147_483_647
      return chars.charAt(seed % chars.length)
    }).join('')
  })
}
