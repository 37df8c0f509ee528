/** IBANs of the registry's countries, whole or in groups: the country's length and structure, and 97-10. */
import { getCountrySpecifications, isValidIBAN } from 'ibantools'
import type { Finding } from './kinds.ts'

export function findIbans(text: string): Finding[] {
  const found: Finding[] = []
  for (const { index } of text.matchAll(BEGINNING)) {
    const length = LENGTHS.get(text.slice(index, index + 2).toUpperCase())
    const taken = length === undefined ? null : take(text, { from: index, length })
    if (taken === null || !isValidIBAN(taken.account)) continue
    found.push({ kind: 'iban', from: index, until: taken.until })
  }
  return found
}

/** The letters and digits of the account, or null where it breaks off or something is glued to it. */
function take(
  text: string,
  { from, length }: { from: number; length: number },
): { account: string; until: number } | null {
  let account = ''
  let at = from
  for (; account.length < length; at += 1) {
    const char = text.charAt(at)
    if (WORD.test(char)) account += char
    else if (!(JOINER.test(char) && WORD.test(text.charAt(at + 1)))) return null
  }
  return WORD.test(text.charAt(at)) ? null : { account: account.toUpperCase(), until: at }
}

const WORD = /^[A-Za-z0-9]$/
const JOINER = /^[ \u00a0-]$/

const LENGTHS: ReadonlyMap<string, number> = new Map(
  Object.entries(getCountrySpecifications()).flatMap(([country, { chars }]) =>
    chars === null ? [] : [[country, chars] as const],
  ),
)

const BEGINNING = /(?<![A-Za-z0-9])[A-Za-z]{2}\d{2}(?=[ -]?[A-Za-z0-9])/g
