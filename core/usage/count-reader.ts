/**
 * Reads token counts out of a provider's usage object and keeps the first problem.
 * Providers leave classes out or send null for "none"; anything else that is no whole number makes it unreadable.
 */
import { isJsonObject, type JsonObject } from '../event/field-reader.ts'
import { showValue } from '../event/show-value.ts'
import { TOKENS_MAX } from './token-laws.ts'

export interface CountReader {
  /** The count at a path (such as `'prompt_tokens_details', 'cached_tokens'`), 0 when absent or null. */
  readonly count: (...path: readonly string[]) => number
  /** Like `count`, but its absence makes the usage unreadable. */
  readonly required: (name: string) => number
  readonly has: (...path: readonly string[]) => boolean
  /** The text under a name, or the empty one. */
  readonly text: (name: string) => string
  /** A reader for each object of the list under a name; none when it is absent. */
  readonly entries: (name: string) => readonly CountReader[]
  readonly problem: () => string | null
}

export function readCounts(usage: JsonObject): CountReader {
  let first: string | null = null
  const refuse = (reason: string): number => {
    first ??= reason
    return 0
  }

  const readerOf = (object: JsonObject, prefix: string): CountReader => {
    const at = (path: readonly string[]): unknown => {
      let value: unknown = object
      for (const key of path)
        value = isJsonObject(value) && Object.hasOwn(value, key) ? value[key] : undefined
      return value ?? undefined
    }
    const count: CountReader['count'] = (...path) => {
      const value = at(path)
      if (value === undefined) return 0
      // Adding zero turns -0, which JSON can spell, into 0.
      if (isCount(value)) return value + 0
      const expected = `a whole number from 0 to ${TOKENS_MAX}`
      return refuse(`${prefix}.${path.join('.')} is ${showValue(value)}; it must be ${expected}`)
    }
    return {
      count,
      required: (name) =>
        at([name]) === undefined ? refuse(`${prefix}.${name} is missing; it is required`) : count(name),
      has: (...path) => at(path) !== undefined,
      text(name) {
        const value = at([name])
        return typeof value === 'string' ? value : ''
      },
      entries(name) {
        const value = at([name])
        const objects = Array.isArray(value) ? value.filter(isJsonObject) : []
        return objects.map((entry) => readerOf(entry, `${prefix}.${name}[]`))
      },
      problem: () => first,
    }
  }
  return readerOf(usage, 'usage')
}

const isCount = (value: unknown): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= TOKENS_MAX
