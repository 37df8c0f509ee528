/**
 * The text format of Prometheus, read strictly: what is no line of it is an error, and so are a series that comes twice,
 * a sample of no family that was announced, a counter without `_total`, and a histogram whose buckets do not add up.
 */
export type Series = ReadonlyMap<string, number>

const NAME = '[a-zA-Z_:][a-zA-Z0-9_:]*'
const LABEL = '[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\\\\n]|\\\\["\\\\n])*"'
const SAMPLE = new RegExp(`^(${NAME})(?:\\{(${LABEL}(?:,${LABEL})*)?\\})? (\\S+)$`)
const HELP = new RegExp(`^# HELP (${NAME}) .+$`)
const TYPE = new RegExp(`^# TYPE (${NAME}) (counter|gauge|histogram|summary)$`)

interface Family {
  readonly name: string
  readonly type: string
}

/** By name with its labels as they are written. */
export function parseExposition(text: string): Series {
  if (!text.endsWith('\n')) throw new Error('the last line has no end')
  const series = new Map<string, number>()
  const families = new Set<string>()
  let family: Family | null = null
  for (const line of text.split('\n')) {
    if (line === '' || HELP.test(line)) continue
    const [, announced, type] = TYPE.exec(line) ?? []
    if (announced !== undefined && type !== undefined) {
      family = announce({ name: announced, type }, families)
      continue
    }
    const [, name, labels, value] = SAMPLE.exec(line) ?? []
    if (name === undefined || value === undefined) throw new Error(`no line of the format: ${line}`)
    if (!belongs(name, family)) throw new Error(`no sample of the family ${family?.name}: ${line}`)
    const key = labels === undefined ? name : `${name}{${labels}}`
    if (series.has(key)) throw new Error(`${key} comes twice`)
    series.set(key, numberIn(value, line))
  }
  checkBuckets(series)
  return series
}

function announce(family: Family, families: Set<string>): Family {
  if (families.has(family.name)) throw new Error(`${family.name} is announced twice`)
  if (family.type === 'counter' && !family.name.endsWith('_total'))
    throw new Error(`the counter ${family.name} does not end in _total`)
  families.add(family.name)
  return family
}

function belongs(sample: string, family: Family | null): boolean {
  if (family === null || !sample.startsWith(family.name)) return false
  const suffix = sample.slice(family.name.length)
  if (family.type === 'histogram') return ['_bucket', '_sum', '_count'].includes(suffix)
  return suffix === '' || (family.type === 'summary' && ['_sum', '_count'].includes(suffix))
}

function numberIn(value: string, line: string): number {
  const number = value === '+Inf' ? Number.POSITIVE_INFINITY : Number(value)
  // Prometheus reads it in any case, and prom-client writes Nan.
  if (Number.isNaN(number) && value.toLowerCase() !== 'nan') throw new Error(`no number: ${line}`)
  return number
}

/** Buckets hold what smaller ones hold, and the last one is the count. */
function checkBuckets(series: Series): void {
  const [last, below] = [new Map<string, number>(), /^(.*)_bucket\{le="([^"]+)",?(.*)\}$/]
  for (const [key, value] of series) {
    const [, name, bound, labels] = below.exec(key) ?? []
    if (name === undefined || labels === undefined) continue
    const of = labels === '' ? name : `${name}{${labels}}`
    if (value < (last.get(of) ?? 0)) throw new Error(`${key} holds less than the bucket before it`)
    last.set(of, value)
    const count = series.get(labels === '' ? `${name}_count` : `${name}_count{${labels}}`)
    if (bound === '+Inf' && count !== value) throw new Error(`${key} is not the count of its histogram`)
  }
}
