/** Identifiers that say what they name and sort by when they were made: `bud_01J...`. */
import { createHash } from 'node:crypto'
import { decodeTime, encodeTime, ulid } from 'ulid'

export const ID_PREFIXES = [
  ...(['org', 'prj', 'key', 'bud', 'ovr', 'ins', 'aud', 'rpr', 'prc', 'als'] as const),
  /** Stops, recounts, holds, leases, requests of overrides. */
  ...(['stp', 'rct', 'hld', 'lse', 'req'] as const),
  /** Digests. */
  'dig',
  /** Webhooks, and deliveries of them: what receivers know as their webhook-id. */
  ...(['whk', 'msg'] as const),
] as const
export type IdPrefix = (typeof ID_PREFIXES)[number]

/** A new id: 48 bits of time in milliseconds, 80 random bits. */
export const newId = (prefix: IdPrefix, now: Date): string => `${prefix}_${ulid(now.getTime())}`

/**
 * A new id whose last part a `seed` decides, so that whoever asks again finds what was made the first time; by
 * `seededPartOf`.
 */
export const seededId = (prefix: IdPrefix, seed: string, now: Date): string =>
  `${prefix}_${encodeTime(now.getTime(), 10)}${seededPartOf(seed)}`

/** 80 bits, as the random part of any id has. */
export function seededPartOf(seed: string): string {
  const bytes = createHash('sha256').update(seed, 'utf8').digest()
  const bits = [...bytes.subarray(0, 10)].map((byte) => byte.toString(2).padStart(8, '0')).join('')
  return Array.from(
    { length: 16 },
    (_, place) => CROCKFORD[Number.parseInt(bits.slice(place * 5, place * 5 + 5), 2)],
  ).join('')
}

const CROCKFORD = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'

/** When what the id names was made. */
export const madeAt = (id: string): Date => new Date(decodeTime(id.slice(id.indexOf('_') + 1)))

/** Whether `text` has the form of an id of that prefix; not whether it names anything. */
export const isId = (prefix: IdPrefix, text: string): boolean =>
  text.startsWith(`${prefix}_`) && ULID.test(text.slice(prefix.length + 1))

const ULID = /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/
