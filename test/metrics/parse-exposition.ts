/** The text format of Prometheus, read strictly: what is no line of it is an error, so is a series that comes twice. */
export type Series = ReadonlyMap<string, number>

const NAME = '[a-zA-Z_:][a-zA-Z0-9_:]*'
const LABEL = '[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\\\\n]|\\\\["\\\\n])*"'
const SAMPLE = new RegExp(`^(${NAME})(?:\\{(${LABEL}(?:,${LABEL})*)?\\})? (\\S+)$`)
const COMMENT = new RegExp(`^# (?:HELP ${NAME} .+|TYPE ${NAME} (?:counter|gauge|histogram|summary|untyped))$`)

/** By name with its labels as they are written. */
export function parseExposition(text: string): Series {
  if (!text.endsWith('\n')) throw new Error('the last line has no end')
  const series = new Map<string, number>()
  for (const line of text.split('\n')) {
    if (line === '' || COMMENT.test(line)) continue
    const [, name, labels, value] = SAMPLE.exec(line) ?? []
    if (name === undefined || value === undefined) throw new Error(`no line of the format: ${line}`)
    const key = labels === undefined ? name : `${name}{${labels}}`
    if (series.has(key)) throw new Error(`${key} comes twice`)
    const number = value === '+Inf' ? Number.POSITIVE_INFINITY : Number(value)
    // Prometheus reads it in any case, and prom-client writes Nan.
    if (Number.isNaN(number) && value.toLowerCase() !== 'nan') throw new Error(`no number: ${line}`)
    series.set(key, number)
  }
  return series
}
