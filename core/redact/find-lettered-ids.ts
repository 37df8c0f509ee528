/** National ids that mix letters and digits, each by its shape and its check character. */
import { type IdCheck, idCheck } from './id-check.ts'
import type { Finding } from './kinds.ts'

export function findLetteredIds(text: string): Finding[] {
  const found: Finding[] = []
  for (const { index, 0: all } of text.matchAll(CANDIDATE)) {
    const id = all.replaceAll(/[ .]|(?<!^\d{6})-/g, '')
    const check = CHECKS.find(({ shape }) => shape.test(id))
    if (check?.isValid(id)) found.push({ kind: 'national_id', from: index, until: index + all.length })
  }
  return found
}

const CHECKS: readonly { readonly shape: RegExp; readonly isValid: IdCheck }[] = [
  // Spain: DNI, NIE.
  { shape: /^\d{8}[A-Z]$/, isValid: idCheck('ES', 'dni') },
  { shape: /^[XYZ]\d{7}[A-Z]$/, isValid: idCheck('ES', 'nie') },
  // United Kingdom: National Insurance number. It has no check digit; its letters are few.
  { shape: /^[A-Z]{2}\d{6}[A-D]$/, isValid: idCheck('GB', 'nino') },
  { shape: /^[A-Z]{6}\d{2}[A-Z]\d{2}[A-Z]\d{3}[A-Z]$/i, isValid: idCheck('IT', 'codicefiscale') },
  { shape: /^[A-Z]{4}\d{6}[HM][A-Z]{5}[A-Z0-9]\d$/, isValid: idCheck('MX', 'curp') },
  { shape: /^\d{6}[-+A]\d{3}[A-Y]$/, isValid: idCheck('FI', 'hetu') },
  { shape: /^\d{17}X$/, isValid: idCheck('CN', 'ric') },
]

const CANDIDATE = new RegExp(
  `(?<![\\w.+]|\\w-)(?:${[
    '\\d{8}-?[A-Z]',
    '\\d{2}\\.\\d{3}\\.\\d{3}-?[A-Z]',
    '[XYZ]-?\\d{7}-?[A-Z]',
    '[A-Z]{2} ?\\d{2} ?\\d{2} ?\\d{2} ?[A-D]',
    '[A-Za-z]{6}\\d{2}[A-Za-z]\\d{2}[A-Za-z]\\d{3}[A-Za-z]',
    '[A-Z]{4}\\d{6}[HM][A-Z]{5}[A-Z0-9]\\d',
    '\\d{6}[-+A]\\d{3}[A-Y]',
    '\\d{17}X',
  ].join('|')})(?![\\w]|-\\w)`,
  'g',
)
