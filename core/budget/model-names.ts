/**
 * The names of one model: a provider is asked for `gpt-4o` and says that `gpt-4o-2024-08-06` has answered. A filter over the
 * one covers the other, so that a call is counted by the budgets that held it.
 * Laws, for a call that asks for X and is answered by X or by a snapshot of it: a filter that covers X covers the answer;
 * and a filter that covers the answer may cover X (`mayFitAny`), so that what will be counted was held.
 */

/** What snapshots end in: a date, a part of one, a number; and `-latest`, the newest of them. Also in scope-filter.ts and the SDKs. */
export const SNAPSHOT_PATTERN = '(-latest|-[0-9]{4}-[0-9]{2}-[0-9]{2}|[-@][0-9]{8}|-[0-9]{3,4})$'
const SNAPSHOT = new RegExp(SNAPSHOT_PATTERN)
const LATEST = '-latest'
/** The same with a zero for any digit. */
const ENDS: readonly string[] = ['-0000-00-00', '-00000000', '@00000000', '-0000', '-000']

/** Of a model that answered: itself, and for a snapshot the names that it is asked for by. */
export function namesOfModel(model: string): readonly string[] {
  const family = model.replace(SNAPSHOT, '')
  return family === model ? [model] : [model, family, `${family}${LATEST}`]
}

/** Whether a filter covers a call that this model answered. */
export const fitsModel = (pattern: string, model: string): boolean =>
  namesOfModel(model).some((name) => fits(pattern, name))

/** Whether a filter may cover a call that asks for `model`, whichever snapshot answers. */
export function mayFitModel(pattern: string, model: string): boolean {
  if (fitsModel(pattern, model)) return true
  const family = model.replace(SNAPSHOT, '')
  // Who asks for a snapshot is answered by it.
  if (family !== model && model !== `${family}${LATEST}`) return false
  return (
    fits(pattern, `${family}${LATEST}`) ||
    ENDS.some((end) => {
      const value = `${family}${end}`
      const isDigit = (text: string | undefined) => text !== undefined && text >= '0' && text <= '9'
      return fits(
        pattern,
        value,
        (wanted, at) =>
          wanted === value[at] || (at >= family.length && isDigit(value[at]) && isDigit(wanted)),
      )
    })
  )
}

/**
 * `*` stands for any characters, also none. Goes back at most to the last star, so that no pattern is slow. `isSame` says
 * whether a character of the pattern stands for the one of the value at a place.
 */
export function fits(
  pattern: string,
  value: string,
  isSame: (wanted: string | undefined, at: number) => boolean = (wanted, at) => wanted === value[at],
): boolean {
  let [p, v, star, from] = [0, 0, -1, 0]
  while (v < value.length) {
    if (pattern[p] === '*') {
      star = p++
      from = v
    } else if (isSame(pattern[p], v)) {
      p += 1
      v += 1
    } else if (star >= 0) {
      p = star + 1
      from += 1
      v = from
    } else return false
  }
  while (pattern[p] === '*') p += 1
  return p === pattern.length
}
