/** An event as a client sends it, by docs/api.md: valid unless told otherwise. */
export const aWireEvent = (given: Readonly<Record<string, unknown>> = {}): Record<string, unknown> => ({
  request_id: 'r1',
  ts: '2026-11-10T12:00:00Z',
  provider: 'openai',
  model: 'gpt-4o',
  tokens_in: 1_000,
  tokens_out: 100,
  latency_ms: 250,
  ...given,
})
