/** What was typed, cut into words: at spaces, but for those between quotes, which phones make curly. */

export const wordsOf = (text: string): string[] => text.match(/(?:[“"][^“”"]*[”"]|\S)+/g) ?? []

/** Without the quotes that held it together. */
export const unquoted = (word: string): string => word.replaceAll(/[“”"]/g, '')

/** A word as it may stand between backticks in an answer. */
export const cut = (word: string): string =>
  (word.length <= 40 ? word : `${word.slice(0, 39)}…`).replaceAll('`', '')

export const oneOfThese = (names: readonly string[]): string =>
  `One of ${names.map((name) => `\`${name}\``).join(', ')}.`

export const isOneOf = <Name extends string>(word: string, names: readonly Name[]): word is Name =>
  names.some((name) => name === word)
