/**
 * Whether a number is a phone number. International ones are checked against the numbering plans; national ones must
 * be written as phone numbers are, because the country is not known and many ids have as many digits.
 */
import { parsePhoneNumberFromString } from 'libphonenumber-js/min'

const INTERNATIONAL_DIGITS = { min: 8, max: 15 }

/** `written` from its + on, or from its 00 that stands for it. */
export function isInternationalPhone(written: string): boolean {
  const digits = written.replaceAll(/\D/g, '').replace(/^00/, '')
  if (digits.length < INTERNATIONAL_DIGITS.min || digits.length > INTERNATIONAL_DIGITS.max) return false
  if (DECIMAL.test(written)) return false
  // The zero that is dialled only at home, in brackets: +44 (0)20.
  const dialled = `+${written.replace('(0)', '').replaceAll(/\D/g, '').replace(/^00/, '')}`
  return parsePhoneNumberFromString(dialled)?.isPossible() ?? false
}

/** A coordinate, not a number that is dialled. */
const DECIMAL = /^\+?\d{1,3}\.\d+$/

export interface NationalNumber {
  /** Lengths of groups and what joins them. */
  readonly shape: string
  readonly digits: string
  /** From an opening bracket on. */
  readonly written: string
}

/** Written in a way that only phone numbers are. */
export const isNationalPhone = ({ shape, digits, written }: NationalNumber): boolean =>
  isNorthAmerican(shape, digits) || isWithTrunkZero(shape, digits) || isWithAreaInBrackets(digits, written)

/** Area and exchange never begin with 0 or 1. */
const isNorthAmerican = (shape: string, digits: string): boolean =>
  /^(?:1[-. ])?(?:3[-. ]3[-. ]4|\(3\) ?3[-. ]4)$/.test(shape) && /^1?[2-9]\d{2}[2-9]\d{6}$/.test(digits)

/** 020 7946 0958, 01 99 00 12 34, 06-12345678. Dates such as 01-12-2024 are shorter. */
function isWithTrunkZero(shape: string, digits: string): boolean {
  if (!/^0[1-9]\d{7,10}$/.test(digits)) return false
  return /^[2-6](?:[-. ]\d){1,5}$/.test(shape) && !/[-. ]1(?:[-. ]|$)/.test(shape)
}

const isWithAreaInBrackets = (digits: string, written: string): boolean =>
  /^\(\d{2,5}\) ?\d/.test(written) && digits.length >= 8 && digits.length <= 12

/** Digits that a name or a word before them calls a phone number. */
export const isPhoneByName = (digits: string): boolean => digits.length >= 7 && digits.length <= 15
