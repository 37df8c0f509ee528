/**
 * Reads an archived event from a row that somebody else decoded, hyparquet or ClickHouse.
 * Written from the names in docs, not from the encoder's table, so that a swapped column shows.
 */
const CAMEL_NAMES: Readonly<Record<string, string>> = {
  cost_nano_usd: 'cost',
  reported_cost_nano_usd: 'reportedCost',
}
const INSTANTS = new Set(['ts', 'received_at'])
const AMOUNTS = new Set(['cost_nano_usd', 'reported_cost_nano_usd'])
const COUNTS = /^(attempt|tokens_(?!estimated).*|latency_ms|ttft_ms|journal_offset)$/

/** The event as a plain object, to be compared with the one that was archived. */
export function eventOfRow(row: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { adjusts_request_id: requestId, calls, unpriced_calls: unpriced, ...rest } = row
  const event: Record<string, unknown> = {}
  const tokens: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(rest)) {
    const read = readValue(name, value)
    if (name.startsWith('tokens_') && name !== 'tokens_estimated') tokens[camel(name.slice(7))] = read
    else event[CAMEL_NAMES[name] ?? camel(name)] = read
  }
  const counts = `${calls}/${unpriced}`
  if (requestId === null) {
    return { ...event, tokens, ...miscount(counts, event.cost === null ? '1/1' : '1/0') }
  }
  return {
    ...event,
    tokens,
    adjusts: { requestId, unpricedCalls: Number(unpriced) },
    ...miscount(`${calls}`, '0'),
  }
}

/** How many calls, and calls without a price, the row counts as, where that is wrong. */
const miscount = (counts: string, expected: string) => (counts === expected ? {} : { miscounted: counts })

function readValue(name: string, value: unknown): unknown {
  if (value === null) return null
  if (INSTANTS.has(name)) return new Date(String(value instanceof Date ? value.toISOString() : value))
  if (AMOUNTS.has(name)) return BigInt(String(value))
  if (COUNTS.test(name)) return Number(value)
  return value
}

const camel = (name: string): string => name.replaceAll(/_(\w)/g, (_, letter: string) => letter.toUpperCase())
