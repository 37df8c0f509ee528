/** How a refusal names what it refuses: never more than 64 characters of it, never a raw control character. */
const CHARS_MAX = 64

/** JSON escapes the C0 controls; DEL and the C1 controls are left. */
const CONTROL = /\p{Cc}/gu

/** A value as a reason shows it: numbers and short texts as JSON, lists and objects by their kind alone. */
export function showValue(value: unknown): string {
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'object' && value !== null) return 'an object'
  if (typeof value === 'string') return `"${showName(value)}"`
  return shorten(String(value))
}

/** A name that the sender chose, such as that of an unknown field. */
export const showName = (name: string): string =>
  shorten(
    JSON.stringify(name.slice(0, CHARS_MAX + 1))
      .slice(1, -1)
      .replace(CONTROL, '�'),
  )

const shorten = (text: string): string =>
  text.length <= CHARS_MAX ? text : `${text.slice(0, CHARS_MAX - 1)}…`
