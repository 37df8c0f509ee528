/** Identifiers that say what they name and sort by when they were made: `bud_01J...`. */
import { ulid } from 'ulid'

export const ID_PREFIXES = [
  ...(['org', 'prj', 'key', 'bud', 'ovr', 'ins', 'aud', 'rpr', 'prc', 'als'] as const),
  /** Stops, recounts, holds, leases, requests of overrides. */
  ...(['stp', 'rct', 'hld', 'lse', 'req'] as const),
  /** Webhooks, and deliveries of them: what receivers know as their webhook-id. */
  ...(['whk', 'msg'] as const),
] as const
export type IdPrefix = (typeof ID_PREFIXES)[number]

/** A new id: 48 bits of time in milliseconds, 80 random bits. */
export const newId = (prefix: IdPrefix, now: Date): string => `${prefix}_${ulid(now.getTime())}`

/** Whether `text` has the form of an id of that prefix; not whether it names anything. */
export const isId = (prefix: IdPrefix, text: string): boolean =>
  text.startsWith(`${prefix}_`) && ULID.test(text.slice(prefix.length + 1))

const ULID = /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/
