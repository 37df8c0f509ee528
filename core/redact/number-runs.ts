/**
 * Runs of digits and what people put between digits, cut into groups: `+44 20 7946 0958` has four.
 * Invariant: a group that letters or underscores touch belongs to an id and is left out.
 */
export interface Group {
  readonly from: number
  readonly until: number
}

export interface NumberRun {
  readonly groups: readonly Group[]
  /** Between group n and n + 1, as it stands. */
  readonly gaps: readonly string[]
  /** `+`, also percent-encoded, right before the first group. */
  readonly hasPlus: boolean
  /** Where a leading `+` or `(` stands, else where the first group does. */
  readonly from: number
  /** Whether an id goes on right before the first group or right after the last, as in `inv-2025-0042`. */
  readonly isJoinedBefore: boolean
  readonly isJoinedAfter: boolean
}

export function numberRunsOf(text: string): NumberRun[] {
  const runs: NumberRun[] = []
  for (const { index, 0: all, 1: lead = '' } of text.matchAll(RUN)) {
    const run = runOf(text, { index, all, lead })
    if (run !== null) runs.push(run)
  }
  return runs
}

/** The digits of a run from group `first` to group `last`. */
export const digitsOf = (text: string, { groups }: NumberRun, first: number, last: number): string => {
  let digits = ''
  for (let at = first; at <= last; at += 1) digits += text.slice(groups[at]?.from, groups[at]?.until)
  return digits
}

/** One way to match: what is between two digits is at most four joiners. */
const RUN = /([+(]{0,2})\d(?:[ \u00a0\u202f.()\-\u2010-\u2013]{0,4}\d)*/g

interface Match {
  readonly index: number
  readonly all: string
  readonly lead: string
}

function runOf(text: string, { index, all, lead }: Match): NumberRun | null {
  const groups: Group[] = []
  for (const digits of all.matchAll(/\d+/g)) {
    groups.push({ from: index + digits.index, until: index + digits.index + digits[0].length })
  }
  const gaps = groups.slice(1).map(({ from }, at) => text.slice(groups[at]?.until, from))
  const end = index + all.length
  const isEncodedPlus = /%2b$/i.test(text.slice(Math.max(0, index - 3), index))
  const hasPlus = lead.includes('+') || isEncodedPlus
  let isJoinedBefore =
    !hasPlus && lead === '' && JOINED_BEFORE.test(text.slice(Math.max(0, index - 2), index))
  let isJoinedAfter = JOINED_AFTER.test(text.slice(end, end + 2))
  let from = index
  if (!hasPlus && lead === '' && WORD.test(text.charAt(index - 1))) {
    groups.shift()
    isJoinedBefore = !(gaps.shift() ?? '').includes(' ')
    from = groups[0]?.from ?? index
  }
  if (groups.length > 0 && WORD.test(text.charAt(end))) {
    groups.pop()
    isJoinedAfter = !(gaps.pop() ?? '').includes(' ')
  }
  if (groups.length === 0) return null
  return { groups, gaps, hasPlus, from: isEncodedPlus ? from - 3 : from, isJoinedBefore, isJoinedAfter }
}

const WORD = /[\p{L}_]/u
const JOINED_BEFORE = /[\p{L}\p{N}_][-._#]$/u
const JOINED_AFTER = /^[-_][\p{L}\p{N}_]/u
