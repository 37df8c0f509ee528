/**
 * A hold is named by the call that it is for: whoever asks twice, of whichever replica, hears of one hold.
 * The 128 bits of the call's identity in the form of our other ids.
 */
const DIGITS = '0123456789ABCDEFGHJKMNPQRSTVWXYZ'
const LENGTH = 26

/** `identity` is 32 hex digits, as core/event/identity.ts makes them. */
export function holdIdOf(identity: string): string {
  let left = BigInt(`0x${identity}`)
  let text = ''
  for (let place = 0; place < LENGTH; place++) {
    text = `${DIGITS[Number(left & 31n)]}${text}`
    left >>= 5n
  }
  return `hld_${text}`
}
