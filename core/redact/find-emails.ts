/** Email addresses, also where a route spells the @ as %40. Linear: each look is bounded and stops at the next @. */
import type { Finding } from './kinds.ts'

const LOCAL_CHARS_MAX = 64
const DOMAIN_CHARS_MAX = 253

export function findEmails(text: string): Finding[] {
  const found: Finding[] = []
  for (const { index, 0: sign } of text.matchAll(/@|%40/g)) {
    const from = startOfLocal(text, index)
    if (from === index) continue
    const end = index + sign.length
    const domain = DOMAIN.exec(text.slice(end, end + DOMAIN_CHARS_MAX))?.[0]
    if (domain === undefined || FILE_ENDINGS.test(domain)) continue
    found.push({ kind: 'email', from, until: end + domain.length })
  }
  return found
}

function startOfLocal(text: string, at: number): number {
  let from = at
  while (from > 0 && at - from < LOCAL_CHARS_MAX && LOCAL.test(text.charAt(from - 1))) from -= 1
  while (from < at && /[.'+%-]/.test(text.charAt(from))) from += 1
  return from
}

const LOCAL = /[\p{L}\p{N}._%+'-]/u
/** Labels of letters, digits and dashes; the last of two letters or more. Nothing in it can match in two ways. */
const DOMAIN =
  /^(?:[\p{L}\p{N}](?:[\p{L}\p{N}-]{0,61}[\p{L}\p{N}])?\.){1,8}(?:xn--[a-z0-9-]{2,59}|\p{L}{2,24})(?![\p{L}\p{N}_])/u
/** `logo@2x.png` is a picture. */
const FILE_ENDINGS =
  /\.(?:png|jpe?g|gif|svg|webp|avif|ico|css|html?|json|mjs|cjs|js|tsx?|ya?ml|txt|csv|pdf)$/i
