/**
 * A trace of LLM requests: when each came, how much it read and how much it wrote.
 * The format is that of the Azure LLM inference traces: `TIMESTAMP,ContextTokens,GeneratedTokens`, one request a line.
 */
export interface TraceRequest {
  /** Since the first request of the trace. */
  readonly atMs: number
  readonly contextTokens: number
  readonly generatedTokens: number
}

export class TraceError extends Error {
  readonly code = 'trace_malformed'
}

const HEADER = 'TIMESTAMP,ContextTokens,GeneratedTokens'
const TOKENS_MAX = 10_000_000

/** Reads a trace, in the order of its times. Throws with the line's number when a line is not of the format. */
export function parseTrace(text: string): TraceRequest[] {
  const [header, ...lines] = text.replace(/^\uFEFF/, '').split(/\r?\n/)
  if (header?.trim() !== HEADER) throw new TraceError(`line 1 must be ${HEADER}`)
  const rows = lines.flatMap((line, index) => (line.trim() === '' ? [] : [parseLine(line, index + 2)]))
  const [first] = rows.sort((a, b) => a.atMs - b.atMs)
  if (!first) throw new TraceError('there is no request after the first line')
  return rows.map((row) => ({ ...row, atMs: row.atMs - first.atMs }))
}

function parseLine(line: string, number: number): TraceRequest {
  const fields = line.split(',')
  const [time = '', context = '', generated = ''] = fields
  const atMs = parseTime(time)
  const contextTokens = parseTokens(context)
  const generatedTokens = parseTokens(generated)
  if (fields.length !== 3 || atMs === null || contextTokens === null || generatedTokens === null) {
    throw new TraceError(`line ${number} is not a time and two counts of tokens: ${line.slice(0, 80)}`)
  }
  return { atMs, contextTokens, generatedTokens }
}

/** `2023-11-16 18:15:46.6805900`, taken as UTC; digits beyond the millisecond are dropped. */
function parseTime(text: string): number | null {
  const match = /^(\d{4}-\d{2}-\d{2})[ T](\d{2}:\d{2}:\d{2})(?:\.(\d{1,9}))?Z?$/.exec(text.trim())
  if (!match) return null
  const ms = (match[3] ?? '').padEnd(3, '0').slice(0, 3)
  const at = Date.parse(`${match[1]}T${match[2]}.${ms}Z`)
  return Number.isNaN(at) ? null : at
}

function parseTokens(text: string): number | null {
  if (!/^\d{1,8}$/.test(text.trim())) return null
  const tokens = Number(text)
  return tokens <= TOKENS_MAX ? tokens : null
}
