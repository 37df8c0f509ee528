/** The calls that the stand-in began, in order: what a provider would bill. */
export interface Call {
  readonly id: string
  readonly begunAt: Date
  readonly model: string
}

export interface CallRecord {
  begin(model: string): Call
  all(): readonly Call[]
  toWire(): object
}

export function openCallRecord(now: () => Date): CallRecord {
  const calls: Call[] = []
  return {
    begin(model) {
      const call = { id: `req_${calls.length + 1}`, begunAt: now(), model }
      calls.push(call)
      return call
    },
    all: () => calls,
    toWire: () => ({
      count: calls.length,
      calls: calls.map(({ id, begunAt, model }) => ({ id, begun_at: begunAt.toISOString(), model })),
    }),
  }
}
