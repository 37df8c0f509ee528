/** Reads what stands after `/lens audit`: how many, and whose. Pure; who a name is, is found elsewhere. */
import { COMMAND } from '../../ids.ts'
import { cut, unquoted, wordsOf } from './words.ts'

export type AuditAsked =
  | {
      readonly kind: 'asked'
      readonly rowsMax: number
      /** As typed, without its `@`; null for everybody. */
      readonly whose: string | null
    }
  | { readonly kind: 'unknown'; readonly said: string; readonly suggestion: string }

export const DEEDS_MAX = 40
const DEEDS_USUAL = 10

/** `20`, `by @sam`, `by me`, `by "Sam Doe" 20`. */
export function readAuditWords(rest: string): AuditAsked {
  let rowsMax = DEEDS_USUAL
  const names: string[] = []
  for (const typed of wordsOf(rest)) {
    const word = unquoted(typed)
    if (/^\d{1,6}$/.test(word)) rowsMax = Number(word)
    else if (!(word.toLowerCase() === 'by' && names.length === 0)) names.push(word)
  }
  const whose = names.join(' ').replace(/^@/, '').trim()
  const suggest = (count: number) =>
    [COMMAND, 'audit', count, ...(whose === '' ? [] : [`by @${whose}`])].join(' ')
  if (rowsMax < 1 || rowsMax > DEEDS_MAX)
    return {
      kind: 'unknown',
      said: `\`${cut(String(rowsMax))}\` deeds cannot be shown: 1 to ${DEEDS_MAX}.`,
      suggestion: suggest(rowsMax < 1 ? DEEDS_USUAL : DEEDS_MAX),
    }
  return { kind: 'asked', rowsMax, whose: whose === '' ? null : whose }
}
