/** The log as the loops of this folder use it; pino fits. */
export interface Log {
  info(facts: object, sentence: string): void
  warn(facts: object, sentence: string): void
  error(facts: object, sentence: string): void
}

/**
 * What went wrong, for the log. Drizzle's own message repeats the statement with its values, which are the customers':
 * so the cause below it is told instead.
 */
export function reasonOf(error: unknown): { readonly code: string | null; readonly reason: string } {
  if (!(error instanceof Error)) return { code: null, reason: String(error) }
  if (error.cause instanceof Error) return reasonOf(error.cause)
  const code = 'code' in error && error.code !== undefined ? String(error.code) : null
  return {
    code,
    reason: firstLine(error instanceof AggregateError ? innerOf(error) : error.message) || error.name,
  }
}

const innerOf = ({ errors }: AggregateError): string =>
  errors.map((inner) => (inner instanceof Error ? inner.message : String(inner))).join('; ')

const firstLine = (text: string): string => (text.split('\n', 1)[0] ?? '').slice(0, 500)
