/**
 * How long ago the journal reached an offset, from looks at its end: so a reader's position tells how far it is behind in
 * time. Bounded: of many looks every other one is forgotten, the youngest never.
 */
export interface LagMarks {
  /** The end of the journal is here now. */
  note(endOffset: number, atMs: number): void
  /** Nobody will ask about what lies below. */
  forgetBelow(offset: number): void
  /** The age of the event at `nextOffset`, from when it was first seen; 0 when it was not. */
  ageMs(nextOffset: number, nowMs: number): number
}

interface Mark {
  readonly endOffset: number
  readonly atMs: number
}

const MARKS_MAX = 2_000

export function lagMarks(marksMax = MARKS_MAX): LagMarks {
  let marks: readonly Mark[] = []
  return {
    note(endOffset, atMs) {
      if (marks.at(-1)?.endOffset === endOffset) return
      if (marks.length >= marksMax) marks = marks.filter((_, index) => index % 2 === 0)
      marks = [...marks, { endOffset, atMs }]
    },
    forgetBelow(offset) {
      marks = marks.filter(({ endOffset }) => endOffset > offset)
    },
    ageMs(nextOffset, nowMs) {
      // An end above an offset is the first look that saw its event.
      const seen = marks.find(({ endOffset }) => endOffset > nextOffset)
      return seen === undefined ? 0 : Math.max(0, nowMs - seen.atMs)
    },
  }
}
