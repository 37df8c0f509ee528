/** Whether digits are a payment card's: an issuer's range, its lengths, and the Luhn digit. */

/**
 * Ranges of the issuers as they publish them, by the first digits and the lengths in use.
 * https://en.wikipedia.org/wiki/Payment_card_number, ISO/IEC 7812
 */
const ISSUERS: readonly { readonly prefix: RegExp; readonly lengths: readonly number[] }[] = [
  { prefix: /^4/, lengths: [13, 16, 19] },
  { prefix: /^(?:5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720)/, lengths: [16] },
  { prefix: /^3[47]/, lengths: [15] },
  { prefix: /^3(?:0[0-5]|095|[689])/, lengths: [14, 16, 19] },
  { prefix: /^(?:6011|64[4-9]|65)/, lengths: [16, 19] },
  { prefix: /^35(?:2[89]|[3-8])/, lengths: [16, 19] },
  { prefix: /^(?:62|81)/, lengths: [16, 17, 18, 19] },
  // Maestro, Mir, RuPay, Elo and Troy.
  { prefix: /^(?:50|5[6-9]|6[0137])/, lengths: [13, 14, 15, 16, 17, 18, 19] },
  { prefix: /^(?:220[0-4]|60|65|81|82|508|9792)/, lengths: [16] },
]

export const isCard = (digits: string): boolean =>
  isLuhn(digits) &&
  ISSUERS.some(({ prefix, lengths }) => lengths.includes(digits.length) && prefix.test(digits)) &&
  !/^(\d)\1+$/.test(digits)

/** Issuers whose cards are so common that a bare number of theirs counts: Visa, Mastercard, Amex, Discover, JCB. */
export const isCommonCard = (digits: string): boolean =>
  isCard(digits) &&
  ((digits.length === 16 && /^(?:4|5[1-5]|2[2-7]|6011|65|35|62)/.test(digits)) ||
    (digits.length === 15 && /^3[47]/.test(digits)))

/** From the right, every second digit doubled, digits of the products summed: a multiple of ten. */
function isLuhn(digits: string): boolean {
  let sum = 0
  for (let fromRight = 0; fromRight < digits.length; fromRight += 1) {
    const digit = digits.charCodeAt(digits.length - 1 - fromRight) - ZERO
    const weighed = fromRight % 2 === 0 ? digit : digit * 2
    sum += weighed > 9 ? weighed - 9 : weighed
  }
  return sum % 10 === 0
}

const ZERO = 0x30
