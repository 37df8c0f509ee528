/** Milliseconds of the one clock that all processes of a machine share and that never goes back (CLOCK_MONOTONIC). */
export const nowMs = (): number => Number(process.hrtime.bigint() / 1_000n) / 1_000
