/**
 * What goes to Slack with a person and comes back: that we began this installation, in this browser, not long ago.
 * The state holds a digest of what the browser's cookie holds, so that neither is of use without the other.
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Keyring } from '../../core/envelope.ts'
import { readNote, writeNote } from '../../core/sealed-note.ts'

const PURPOSE = 'slack_install_state'
export const STATE_LIFE_S = 600

/** The organisation to join, and the id of the link that says so; null for one of its own. */
export interface Joining {
  readonly orgId: string
  readonly linkId: string
}

export interface State {
  readonly id: string
  readonly joining: Joining | null
}

export type ReadState =
  | { readonly kind: 'good'; readonly state: State }
  | { readonly kind: 'bad'; readonly why: 'not_ours' | 'expired' | 'other_browser' }

export function beginState(joining: Joining | null, { keyring, now }: { keyring: Keyring; now: Date }) {
  const cookie = randomBytes(24).toString('base64url')
  const says = JSON.stringify({ browser: digest(cookie), joining })
  const expiresAt = new Date(now.getTime() + STATE_LIFE_S * 1000)
  return { cookie, state: writeNote({ purpose: PURPOSE, says, expiresAt }, keyring) }
}

export function readState(
  text: string,
  cookie: string | null,
  at: { keyring: Keyring; now: Date },
): ReadState {
  const read = readNote(text, PURPOSE, at)
  if (read.kind !== 'read') return { kind: 'bad', why: read.kind }
  const said: unknown = JSON.parse(read.note.says)
  if (!isSaid(said)) return { kind: 'bad', why: 'not_ours' }
  const seen = Buffer.from(digest(cookie ?? ''))
  const expected = Buffer.from(said.browser)
  const isSame = cookie !== null && seen.length === expected.length && timingSafeEqual(seen, expected)
  return isSame
    ? { kind: 'good', state: { id: read.note.id, joining: said.joining } }
    : { kind: 'bad', why: 'other_browser' }
}

const digest = (cookie: string): string => createHash('sha256').update(cookie).digest('hex')

/** Sealed by us, so its shape is ours; looked at all the same, as versions differ. */
const isSaid = (value: unknown): value is { readonly browser: string; readonly joining: Joining | null } =>
  typeof value === 'object' &&
  value !== null &&
  'browser' in value &&
  typeof value.browser === 'string' &&
  'joining' in value
