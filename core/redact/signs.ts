/**
 * One cheap pass over a text that says which finders are worth running; most texts need none.
 * Invariant: no finder finds anything in a text that lacks its sign.
 */
export const SIGN = {
  /** An @, as it is or percent-encoded. */
  at: 1,
  /** Six digits or more in one run of digits and what people put between digits. */
  digits: 2,
  /** Three dots among digits. */
  dots: 4,
  /** Two colons after hexadecimal digits or colons. */
  colons: 8,
  /** A word that starts as a known key, or a name of a secret, does. */
  secret: 16,
  /** A word of two letters and a digit, as an IBAN begins. */
  iban: 32,
  /** A word of six letters and a digit, as an Italian tax code begins. */
  lettered: 64,
  /** Two dashes, as a key in PEM begins. */
  dashes: 128,
} as const

/** The signs in `text`, as bits; 0 says that nothing can be found. Letters, the most common, go the shortest way. */
export function signsOf(text: string): number {
  let signs = 0
  let before = OTHER
  let codeBefore = 0
  let digits = 0
  let dots = 0
  let colons = 0
  let isGlued = false
  let wordAt = 0
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    const is = code < 128 ? (CLASSES[code] ?? OTHER) : wideClass(code)
    if (is <= DIGIT && before > DIGIT) {
      wordAt = at
      if (MAY_START_SECRET[code] === 1 && startsSecret(text, at)) signs |= SIGN.secret
    }
    if (is < DIGIT) {
      digits = 0
      dots = 0
    } else if (is === DIGIT) {
      if (digits === 0) {
        isGlued = before === LOWER || before === UNDERSCORE
        if (before < DIGIT) signs |= SIGN_AFTER_LETTERS[at - wordAt] ?? 0
      }
      digits += 1
      if (digits >= DIGITS_MIN && !isGlued) signs |= SIGN.digits
    } else if (is === JOINER) {
      if (isGlued) {
        digits = 0
        dots = 0
        isGlued = false
      }
      if (code === DOT && before === DIGIT) {
        dots += 1
        if (dots >= 3) signs |= SIGN.dots
      } else if (code === SPACE) dots = 0
      else if (code === DASH && codeBefore === DASH) signs |= SIGN.dashes
    } else {
      digits = 0
      dots = 0
      if (code === COLON) {
        if (before === DIGIT || isHexOrColon(codeBefore)) {
          colons += 1
          if (colons >= 2) signs |= SIGN.colons
        }
      } else if (code === AT || (code === PERCENT && text.startsWith('40', at + 1))) signs |= SIGN.at
    }
    before = is
    codeBefore = code
  }
  return signs
}

const DIGITS_MIN = 6
const AT = 0x40
const PERCENT = 0x25
const COLON = 0x3a
const DOT = 0x2e
const DASH = 0x2d
const SPACE = 0x20

/** Ordered so that one comparison tells letters and digits from the rest. */
const LOWER = 0
const UPPER = 1
const DIGIT = 2
const UNDERSCORE = 3
const JOINER = 4
const OTHER = 5

const CLASSES = Uint8Array.from({ length: 128 }, (_, code) => classOf(String.fromCharCode(code)))

function classOf(char: string): number {
  if (/\d/.test(char)) return DIGIT
  if (/[a-z]/.test(char)) return LOWER
  if (/[A-Z]/.test(char)) return UPPER
  if (char === '_') return UNDERSCORE
  return /[ .()-]/.test(char) ? JOINER : OTHER
}

/** No-break spaces and the Unicode hyphens stand among digits as a space and a dash do. */
const wideClass = (code: number): number =>
  code === 0xa0 || code === 0x202f || (code >= 0x2010 && code <= 0x2013) ? JOINER : OTHER

const isHexOrColon = (code: number): boolean =>
  code === COLON || (code >= 0x61 && code <= 0x66) || (code >= 0x41 && code <= 0x46)

/** By how many characters of a word stand before its first digit. */
const SIGN_AFTER_LETTERS: readonly number[] = [0, 0, SIGN.iban, 0, 0, 0, SIGN.lettered]

/** Counts of tokens are in every event and are no tokens. */
const startsSecret = (text: string, at: number): boolean =>
  // A read past the end is no character code, and slow.
  at + 2 < text.length && SECRET_STARTS[startOf(text, at)] === 1 && !text.startsWith('tokens', at)

/** The first three characters in 15 bits, without case; a collision costs one needless look. */
const startOf = (text: string, at: number): number =>
  ((text.charCodeAt(at) & 31) << 10) | ((text.charCodeAt(at + 1) & 31) << 5) | (text.charCodeAt(at + 2) & 31)

/** Of the words and prefixes that find-secrets.ts reads. */
const STARTS = [
  ...[
    'sk-',
    'sk_',
    'rk_',
    'whs',
    'aki',
    'asi',
    'abi',
    'acc',
    'aiz',
    'ya2',
    'goc',
    'ghp',
    'gho',
    'ghu',
    'ghs',
  ],
  ...[
    'ghr',
    'git',
    'glp',
    'glr',
    'gld',
    'glo',
    'gls',
    'glc',
    'glf',
    'gli',
    'gla',
    'xox',
    'xap',
    'hoo',
    'sg.',
  ],
  ...[
    'hf_',
    'npm',
    'pyp',
    'len',
    'gsk',
    'xai',
    'r8_',
    'ppl',
    'dop',
    'doo',
    'shp',
    'dck',
    'nva',
    'ops',
    'lin',
  ],
  ...[
    'ntn',
    'fig',
    'dap',
    'key',
    'pcs',
    'tvl',
    'lsv',
    'sbp',
    'sq0',
    'age',
    'eyj',
    'bea',
    'bas',
    'pas',
    'pwd',
  ],
  ...[
    'tok',
    'sec',
    'api',
    'aut',
    'cli',
    'sig',
    'pri',
    'sha',
    'acc',
    'dp.',
    'ato',
    'hvs',
    'glt',
    'cre',
    'x-a',
  ],
]
/** A Twilio key has no more of a known start than this, and hexadecimal digits after it. */
const TWILIO = [...'0123456789abcdef'].map((digit) => `sk${digit}`)
const SECRET_STARTS = new Uint8Array(1 << 15)
const MAY_START_SECRET = new Uint8Array(128)
for (const start of [...STARTS, ...TWILIO]) {
  SECRET_STARTS[startOf(start, 0)] = 1
  MAY_START_SECRET[start.charCodeAt(0)] = 1
  MAY_START_SECRET[start.toUpperCase().charCodeAt(0)] = 1
}
