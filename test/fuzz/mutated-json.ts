/**
 * JSON texts that nearly hold a good body: one place of it is dropped, replaced, doubled, renamed or buried. Written as
 * text, since much of what is odd cannot be said by a value: a number past every double, half a character, a key twice.
 */
import fc from 'fast-check'

type Change =
  | { readonly kind: 'drop' }
  | { readonly kind: 'replace'; readonly by: string }
  /** The member or element again, with another value. */
  | { readonly kind: 'double'; readonly by: string }
  /** Its key; an element of a list has none, and stays. */
  | { readonly kind: 'rename'; readonly to: string }
  | { readonly kind: 'bury'; readonly depth: number; readonly within: 'list' | 'object' }

const ODD_TEXTS: readonly string[] = [
  ...[
    'null',
    'true',
    'false',
    '""',
    '[]',
    '{}',
    '[null]',
    '" "',
    '"\\u0000"',
    '"\\ud800"',
    '"\\udfff\\ud800"',
  ],
  ...['"a\\u0000b"', '"\\u202egpt"', '"NaN"', '"1e3"', '"-1"', '"__proto__"', '"\\u0007"', '"\\n"'],
  ...['0', '-0', '-1', '0.5', '1e-7', '1e308', '1e999', '-1e999', '2147483648', '4294967296', '1e15'],
  ...[
    '9007199254740991',
    '9007199254740992',
    '9007199254740993',
    '9223372036854775808',
    `${'9'.repeat(400)}`,
  ],
  ...[
    '"9999-12-31T23:59:59Z"',
    '"0000-01-01T00:00:00Z"',
    '"2026-02-30T00:00:00Z"',
    '"2026-11-10T12:00:00+99:99"',
  ],
  ...['"2026-11-10T12:00:00.123456789Z"', '"2026-11-10"', '1762775940', '1762775940000000000'],
  ...[
    '{"__proto__":{"tokens_in":-5}}',
    '{"constructor":{"prototype":{"x":1}}}',
    '{"toString":1}',
    '{"length":3}',
  ],
  ...[
    JSON.stringify('x'.repeat(70_000)),
    JSON.stringify('é'.repeat(300)),
    JSON.stringify('\u{1F600}'.repeat(128)),
  ],
]
/** Of the right type, and wrong all the same: what a lenient parser lets through. */
const SUBTLE_TEXTS: readonly string[] = [
  ...['""', '" "', '"a\\u0000b"', '"a\\u0007b"', '"a\\ud800b"', '"\\u0085"', JSON.stringify('x'.repeat(257))],
  ...['-1', '0.5', '101', '9007199254740992', '1e15', '"2026-11-20T12:00:00Z"', '"2026-10-20T12:00:00Z"'],
]
const ODD_KEYS = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'length',
  '',
  '\u0000',
  'x'.repeat(5_000),
]

const oddText = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...SUBTLE_TEXTS) },
  { weight: 3, arbitrary: fc.constantFrom(...ODD_TEXTS) },
  { weight: 1, arbitrary: fc.json({ maxDepth: 3 }) },
  { weight: 1, arbitrary: fc.double({ noNaN: true, noDefaultInfinity: true }).map(String) },
)
const change: fc.Arbitrary<Change> = fc.oneof(
  fc.constant<Change>({ kind: 'drop' }),
  oddText.map((by): Change => ({ kind: 'replace', by })),
  oddText.map((by): Change => ({ kind: 'double', by })),
  fc.constantFrom(...ODD_KEYS).map((to): Change => ({ kind: 'rename', to })),
  fc.record({
    kind: fc.constant('bury' as const),
    depth: fc.constantFrom(1, 2, 9, 100, 20_000),
    within: fc.constantFrom('list' as const, 'object' as const),
  }),
)

/** Up to three changes, each at a place of its own choice; none leaves the text as it is. */
export const mutatedJson = (good: unknown): fc.Arbitrary<string> => {
  const places = countPlaces(good)
  const changes = fc.uniqueArray(fc.tuple(fc.nat(places - 1), change), {
    maxLength: 3,
    selector: ([place]) => place,
  })
  return changes.map((chosen) => write(good, new Map(chosen)))
}

const entriesOf = (value: object): [string | null, unknown][] =>
  Array.isArray(value) ? value.map((element) => [null, element]) : Object.entries(value)

function countPlaces(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 1
  return entriesOf(value).reduce((sum, [, inside]) => sum + countPlaces(inside), 1)
}

function write(root: unknown, changes: ReadonlyMap<number, Change>): string {
  let place = -1
  /** With its key, as it stands in what is around it; nothing when it is dropped. */
  const member = (key: string | null, value: unknown): string[] => {
    place += 1
    const made = changes.get(place)
    const inside = textOf(value)
    const keyed = (name: string | null, text: string) =>
      name === null ? text : `${JSON.stringify(name)}:${text}`
    switch (made?.kind) {
      case undefined:
        return [keyed(key, inside)]
      case 'drop':
        return []
      case 'replace':
        return [keyed(key, made.by)]
      case 'double':
        return [keyed(key, inside), keyed(key, made.by)]
      case 'rename':
        return [keyed(key === null ? null : made.to, inside)]
      case 'bury':
        return [keyed(key, buried(inside, made))]
    }
  }
  const textOf = (value: unknown): string => {
    if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null'
    const members = entriesOf(value).flatMap(([key, inside]) => member(key, inside))
    return Array.isArray(value) ? `[${members.join(',')}]` : `{${members.join(',')}}`
  }
  return member(null, root).join(',')
}

const buried = (text: string, { depth, within }: Extract<Change, { kind: 'bury' }>): string =>
  within === 'list'
    ? `${'['.repeat(depth)}${text}${']'.repeat(depth)}`
    : `${'{"a":'.repeat(depth)}${text}${'}'.repeat(depth)}`
