/**
 * Reads token counts out of a provider's usage object and keeps the first problem.
 * Providers leave classes out or send null for "none"; anything else that is no whole number makes it unreadable.
 */
import { isJsonObject, type JsonObject } from '../event/field-reader.ts'
import { showValue } from '../event/show-value.ts'
import { TOKENS_MAX } from './token-laws.ts'

export interface CountReader {
  /** The count at a path (such as `'prompt_tokens_details', 'cached_tokens'`), 0 when absent or null. */
  count(name: string, inner?: string, innermost?: string): number
  /** Like `count`, but its absence makes the usage unreadable. */
  required(name: string): number
  has(name: string, inner?: string): boolean
  /** The text under a name, or the empty one. */
  text(name: string): string
  /** A reader for each object of the list under a name; none when it is absent. */
  entries(name: string): readonly CountReader[]
  problem(): string | null
}

export const readCounts = (usage: JsonObject): CountReader => new Reader(usage, 'usage', { problem: null })

/** A class for its speed: every event is read through one, and a closure a verb would cost more than the reading. */
class Reader implements CountReader {
  constructor(
    private readonly object: JsonObject,
    private readonly prefix: string,
    private readonly found: { problem: string | null },
  ) {}

  count(name: string, inner?: string, innermost?: string): number {
    const value = this.at(name, inner, innermost)
    if (value === undefined) return 0
    // Adding zero turns -0, which JSON can spell, into 0.
    if (isCount(value)) return value + 0
    const path = [name, inner, innermost].filter((part) => part !== undefined).join('.')
    return this.refuse(
      `${this.prefix}.${path} is ${showValue(value)}; it must be a whole number from 0 to ${TOKENS_MAX}`,
    )
  }

  required(name: string): number {
    if (this.at(name) !== undefined) return this.count(name)
    return this.refuse(`${this.prefix}.${name} is missing; it is required`)
  }

  has(name: string, inner?: string): boolean {
    return this.at(name, inner) !== undefined
  }

  text(name: string): string {
    const value = this.at(name)
    return typeof value === 'string' ? value : ''
  }

  entries(name: string): readonly CountReader[] {
    const value = this.at(name)
    if (!Array.isArray(value)) return NO_ENTRIES
    const prefix = `${this.prefix}.${name}[]`
    return value.filter(isJsonObject).map((entry) => new Reader(entry, prefix, this.found))
  }

  problem(): string | null {
    return this.found.problem
  }

  private at(name: string, inner?: string, innermost?: string): unknown {
    let value = memberOf(this.object, name)
    if (inner !== undefined) value = memberOf(value, inner)
    if (innermost !== undefined) value = memberOf(value, innermost)
    return value ?? undefined
  }

  private refuse(reason: string): number {
    this.found.problem ??= reason
    return 0
  }
}

const NO_ENTRIES: readonly CountReader[] = []

const memberOf = (value: unknown, name: string): unknown =>
  isJsonObject(value) && Object.hasOwn(value, name) ? value[name] : undefined

const isCount = (value: unknown): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= TOKENS_MAX
