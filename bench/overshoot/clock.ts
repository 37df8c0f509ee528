/** Milliseconds of the one clock that all processes of a machine share and that never goes back (CLOCK_MONOTONIC). */
export const nowMs = (): number => Number(process.hrtime.bigint() / 1_000n) / 1_000

/** What must be taken from milliseconds since 1970 to have those of `nowMs`. */
export const wallAheadMs = (): number => Date.now() - nowMs()
