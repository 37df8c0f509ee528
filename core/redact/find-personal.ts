/**
 * What is personal or secret in one text, in order, without overlaps.
 * Invariant: what redaction itself wrote, `[email]` or `email:h_...`, is never found again.
 */
import { findEmails } from './find-emails.ts'
import { findIbans } from './find-ibans.ts'
import { findIpv4, findIpv6 } from './find-ips.ts'
import { findLetteredIds } from './find-lettered-ids.ts'
import { findNumbers } from './find-numbers.ts'
import { findPrivateKeys, findSecrets, findUserinfo, isSecretValue } from './find-secrets.ts'
import type { DetectedKind, Finding } from './kinds.ts'
import type { NameFacts } from './name-facts.ts'
import { SIGN, signsOf } from './signs.ts'

const NOTHING: readonly Finding[] = []

/** `name` is that of the tag or the metadata key which holds the text. */
export function findPersonal(text: string, name: NameFacts): readonly Finding[] {
  const signs = signsOf(text)
  if (signs === 0 && !name.isSecret) return NOTHING
  const found = findingsOf(text, signs, name)
  if (name.isSecret && found.length === 0 && isWholeSecret(text)) {
    found.push({ kind: 'api_key', from: 0, until: text.length })
  }
  return found.length === 0 ? NOTHING : withoutOverlaps(text, found)
}

function findingsOf(text: string, signs: number, name: NameFacts): Finding[] {
  const found: Finding[] = []
  const has = (sign: number): boolean => (signs & sign) !== 0
  if (has(SIGN.secret)) found.push(...findSecrets(text))
  if (has(SIGN.dashes)) found.push(...findPrivateKeys(text))
  if (has(SIGN.at)) found.push(...findUserinfo(text), ...findEmails(text))
  if (has(SIGN.iban)) found.push(...findIbans(text))
  if (has(SIGN.digits)) found.push(...findNumbers(text, name))
  if (has(SIGN.digits | SIGN.lettered)) found.push(...findLetteredIds(text))
  if (has(SIGN.dots)) found.push(...findIpv4(text, name))
  if (has(SIGN.colons)) found.push(...findIpv6(text))
  return found
}

/** A sentence under the name of a secret is not one, unless it is short enough to be a phrase that people remember. */
const isWholeSecret = (text: string): boolean =>
  isSecretValue(text) && !MARK_ONLY.test(text) && (!/\s/.test(text) || text.length <= 64)

/** The most telling kind wins an overlap: a key that holds ten digits is no phone number. */
const RANKS: Readonly<Record<DetectedKind, number>> = {
  jwt: 0,
  api_key: 1,
  email: 2,
  iban: 3,
  card: 4,
  national_id: 5,
  phone: 6,
  ip: 7,
}

/** Of a unit of the text: nothing, part of a UUID, or taken by a finding or by what redaction wrote before. */
const FREE = 0
const IN_UUID = 1
const TAKEN = 2

/** Each unit is looked at once for each kind at most, so that many findings cost what they are long. */
function withoutOverlaps(text: string, found: readonly Finding[]): readonly Finding[] {
  const units = new Uint8Array(text.length)
  // Their digits can form any number, but they can be a part of an address or a key.
  for (const { index, 0: uuid } of text.matchAll(UUIDS)) units.fill(IN_UUID, index, index + uuid.length)
  for (const { index, 0: mark } of text.matchAll(MARKS)) units.fill(TAKEN, index, index + mark.length)
  const ranked = found.toSorted((a, b) => RANKS[a.kind] - RANKS[b.kind] || a.from - b.from)
  const kept = ranked.filter(({ kind, from, until }) => {
    const worst = RANKS[kind] > RANKS.email ? FREE : IN_UUID
    for (let at = from; at < until; at += 1) if ((units[at] ?? TAKEN) > worst) return false
    units.fill(TAKEN, from, until)
    return true
  })
  return kept.sort((a, b) => a.from - b.from)
}

const KINDS = '(?:email|phone|card|iban|national_id|ip|api_key|jwt|field)'
const MARK = `\\[${KINDS}\\]|${KINDS}:h_[\\w-]{22}(?![\\w-])`
const MARKS = new RegExp(MARK, 'g')
const UUIDS = /(?<![0-9A-Za-z])[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}(?![0-9A-Za-z])/g
const MARK_ONLY = new RegExp(`^(?:${MARK})$`)

/** Whether a text is nothing but what redaction put in place of another. */
export const isMark = (text: string): boolean => MARK_ONLY.test(text)
