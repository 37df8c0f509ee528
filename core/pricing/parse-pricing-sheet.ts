/**
 * All that an organisation sets of its pricing, as one sheet: `{"prices": [...], "aliases": [...]}`, each entry in the
 * form of parse-own-pricing.ts. What is wrong is told all at once, by its place.
 */
import { canonicalJson } from '../canonical-json.ts'
import { isJsonObject, type JsonObject } from '../event/field-reader.ts'
import { type ParsedOwn, parseModelAlias, parseOwnPrice } from './parse-own-pricing.ts'

export interface PricingSheet {
  readonly prices: readonly JsonObject[]
  readonly aliases: readonly JsonObject[]
}

/** Every event's price is looked for among them once for each model. */
const ENTRIES_MAX = 1_000
const MEMBERS = ['prices', 'aliases']

export function parsePricingSheet(value: unknown): ParsedOwn<PricingSheet> {
  if (!isJsonObject(value)) {
    return { kind: 'bad', problems: ['it must be an object: {"prices": [...], "aliases": [...]}'] }
  }
  const problems = Object.keys(value)
    .filter((name) => !MEMBERS.includes(name))
    .map((name) => `"${name.slice(0, 64)}" is unknown; it has ${MEMBERS.join(' and ')}`)
  const sheet = {
    prices: entriesOf(value, 'prices', problems, {
      parse: (entry) => parseOwnPrice('', entry),
      nameOf: canonicalJson,
    }),
    aliases: entriesOf(value, 'aliases', problems, {
      parse: parseModelAlias,
      // Of two that name the same, only one could hold.
      nameOf: ({ provider, alias }) => canonicalJson([String(provider).toLowerCase(), alias]),
    }),
  }
  return problems.length === 0 ? { kind: 'parsed', value: sheet } : { kind: 'bad', problems }
}

interface Entries {
  readonly parse: (entry: JsonObject) => ParsedOwn<unknown>
  /** Two entries of one name are one too many. */
  readonly nameOf: (entry: JsonObject) => string
}

function entriesOf(
  sheet: JsonObject,
  member: 'prices' | 'aliases',
  problems: string[],
  { parse, nameOf }: Entries,
): readonly JsonObject[] {
  const list = sheet[member]
  if (list === undefined) return []
  if (!Array.isArray(list) || list.length > ENTRIES_MAX) {
    problems.push(`${member} must be a list of at most ${ENTRIES_MAX}`)
    return []
  }
  const entries: JsonObject[] = []
  const places = new Map<string, number>()
  for (const [index, entry] of list.entries()) {
    const at = `${member}[${index}]`
    if (!isJsonObject(entry)) {
      problems.push(`${at}: it must be an object`)
      continue
    }
    const parsed = parse(entry)
    if (parsed.kind === 'bad') problems.push(...parsed.problems.map((problem) => `${at}: ${problem}`))
    const name = nameOf(entry)
    const first = places.get(name)
    if (first !== undefined) problems.push(`${at}: it names the same as ${member}[${first}]`)
    else places.set(name, index)
    entries.push(entry)
  }
  return entries
}
