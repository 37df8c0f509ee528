/**
 * Addresses of pictures that Slack fetches without logging in: signed, so that nobody can guess or change one.
 * Invariant: a link opens for the organisation and the chart it was made for, until it expires, while its key is in
 * the keyring; any other text opens nothing. The same chart has the same link all day, so that Slack's cache serves.
 */
import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto'
import type { Keyring } from '../../core/envelope.ts'

export interface LinkedChart {
  readonly orgId: string
  /** Which of the charts that a link may show. */
  readonly chart: string
}

/** Slack may show a view that was published this long ago, and fetch its pictures anew. */
const KEPT_DAYS = 30
const DAY_S = 86_400
const PURPOSE = 'lensai chart link 1'
const TOKEN_CHARS_MAX = 600

/** The last part of the address, without `.png`. */
export function signChartLink({ orgId, chart }: LinkedChart, keyring: Keyring, now: Date): string {
  const expiresAtS = (Math.floor(now.getTime() / 1000 / DAY_S) + 1 + KEPT_DAYS) * DAY_S
  const body = encode(JSON.stringify([keyring.currentKeyId, orgId, chart, expiresAtS]))
  const key = keyring.keys.get(keyring.currentKeyId)
  if (key === undefined) throw new Error('the keyring has no current key to sign links of charts with')
  return `${body}.${macOf(body, key).toString('base64url')}`
}

/** Null for whatever we did not sign, or signed too long ago or with a key that is gone. */
export function openChartLink(token: string, keyring: Keyring, now: Date): LinkedChart | null {
  if (token.length > TOKEN_CHARS_MAX) return null
  const [body, mac, more] = token.split('.')
  if (body === undefined || mac === undefined || more !== undefined) return null
  const parsed = parseBody(body)
  const key = parsed === null ? undefined : keyring.keys.get(parsed.keyId)
  if (parsed === null || key === undefined) return null
  const [given, right] = [Buffer.from(mac, 'base64url'), macOf(body, key)]
  // Base64 has several spellings of the same bytes; only ours opens.
  if (given.toString('base64url') !== mac || given.length !== right.length) return null
  if (!timingSafeEqual(given, right) || parsed.expiresAtS * 1000 <= now.getTime()) return null
  return { orgId: parsed.orgId, chart: parsed.chart }
}

export const chartUrl = (publicAppUrl: string, token: string): string =>
  `${publicAppUrl.replace(/\/$/, '')}/charts/${token}.png`

/** A key of its own, so that a signature says nothing of the key that seals secrets. */
const macOf = (body: string, key: Uint8Array): Buffer =>
  createHmac('sha256', Buffer.from(hkdfSync('sha256', key, '', PURPOSE, 32)))
    .update(body)
    .digest()

function parseBody(body: string): { keyId: string; orgId: string; chart: string; expiresAtS: number } | null {
  try {
    const parts: unknown = JSON.parse(Buffer.from(body, 'base64url').toString('utf8'))
    if (!Array.isArray(parts) || parts.length !== 4) return null
    const [keyId, orgId, chart, expiresAtS]: unknown[] = parts
    if (typeof keyId !== 'string' || typeof orgId !== 'string' || typeof chart !== 'string') return null
    return typeof expiresAtS === 'number' ? { keyId, orgId, chart, expiresAtS } : null
  } catch {
    return null
  }
}

const encode = (text: string): string => Buffer.from(text, 'utf8').toString('base64url')
