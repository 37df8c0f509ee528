/**
 * National ids by how their digits are grouped. Each is checked by its own rules; where those let through one random
 * number in ten, a bare number counts only beside its name.
 */
import { type IdCheck, idCheck } from './id-check.ts'

interface Scheme {
  /** Lengths of groups and what joins them, such as `3-2-4`. */
  readonly shapes: readonly string[]
  /** Shapes that count only beside one of the names. */
  readonly namedShapes: readonly string[]
  /** As words, lower case: in the name of the field or right before the number. */
  readonly names: RegExp
  /** Of the digits alone, or with their dashes where those tell the century. */
  readonly isValid: IdCheck
  readonly hasDashes?: true
}

export interface Numbered {
  readonly shape: string
  readonly digits: string
  /** As it stands in the text. */
  readonly written: string
  /** Whether another number stands right beside it. */
  readonly isBesideOther: boolean
  /** The name of the field and what stands before the number. */
  readonly context: string
}

/** Whether any country's numbers are grouped like that. */
export const hasIdShape = (shape: string): boolean => SCHEMES_OF_SHAPE.has(shape)

/** Whether these digits, grouped like that, are somebody's number. */
export function isNationalId({ shape, digits, written, isBesideOther, context }: Numbered): boolean {
  const candidates = SCHEMES_OF_SHAPE.get(shape)
  if (candidates === undefined) return false
  // Among other groups with spaces between, a few of them fit by chance.
  const isChance = isBesideOther && shape.includes(' ') && digits.length < 15
  return candidates.some(({ scheme, isNamedOnly }) => {
    const isNamed = scheme.names.test(context) || ANY_ID.test(context)
    return (isNamed || !(isNamedOnly || isChance)) && scheme.isValid(scheme.hasDashes ? written : digits)
  })
}

const ANY_ID =
  /\b(?:national id|id card|identity (?:card|number)|personal (?:id|number)|tax id|tax number|citizen id|government id)\b/

const both =
  (first: IdCheck, second: IdCheck): IdCheck =>
  (digits) =>
    first(digits) && second(digits)

const SCHEMES: readonly Scheme[] = [
  {
    shapes: ['3-2-4', '3 2 4'],
    namedShapes: ['9'],
    names: /\b(?:ssn|social security|social)\b/,
    isValid: idCheck('US', 'ssn'),
  },
  {
    shapes: ['15', ...['1 2 2 2 3 3 2', '1 2 2 2 6 2', '1 2 2 2 5 3', '1 2 2 2 3 3']],
    namedShapes: ['13'],
    names: /\b(?:nir|insee|secu|sécu|sécurité sociale|securite sociale)\b/,
    isValid: both((digits) => /^[12]/.test(digits), idCheck('FR', 'nir')),
  },
  {
    shapes: ['2 3 3 3'],
    namedShapes: ['11'],
    names: /\b(?:steuer|idnr|steueridentifikationsnummer|steuer id|tin)\b/,
    isValid: idCheck('DE', 'idnr'),
  },
  {
    shapes: ['3.3.3-2'],
    namedShapes: ['11', '9-2'],
    names: /\bcpf\b/,
    isValid: idCheck('BR', 'cpf'),
  },
  {
    shapes: ['4 4 4', '4-4-4'],
    namedShapes: ['12'],
    names: /\b(?:aadhaar|aadhar|uidai)\b/,
    isValid: both((digits) => /^[2-9]/.test(digits), idCheck('IN', 'aadhaar')),
  },
  { shapes: [], namedShapes: ['11'], names: /\bpesel\b/, isValid: idCheck('PL', 'pesel') },
  {
    shapes: [],
    namedShapes: ['9', '4.2.3', '3.3.3', '3 3 3'],
    names: /\b(?:bsn|burgerservicenummer|sofinummer)\b/,
    isValid: idCheck('NL', 'bsn'),
  },
  {
    shapes: ['6-4', '8-4'],
    namedShapes: ['10', '12'],
    names: /\b(?:personnummer|personnr)\b/,
    isValid: idCheck('SE', 'personnummer'),
    hasDashes: true,
  },
  {
    shapes: [],
    namedShapes: ['6-4'],
    names: /\b(?:hetu|henkilötunnus)\b/,
    isValid: idCheck('FI', 'hetu'),
    hasDashes: true,
  },
  { shapes: [], namedShapes: ['6-4', '10'], names: /\bcpr\b/, isValid: idCheck('DK', 'cpr') },
  { shapes: ['6-7'], namedShapes: ['13'], names: /\brrn\b/, isValid: idCheck('KR', 'rrn') },
  {
    shapes: ['3.4.4.2'],
    namedShapes: ['13'],
    names: /\b(?:ahv|avs|ahvn13)\b/,
    isValid: both((digits) => digits.startsWith('756'), idCheck('CH', 'ssn')),
  },
  { shapes: ['18'], namedShapes: [], names: /\bresident id\b/, isValid: idCheck('CN', 'ric') },
  {
    shapes: [],
    namedShapes: ['9', '3 3 3', '3-3-3'],
    names: /\b(?:sin|social insurance)\b/,
    isValid: idCheck('CA', 'sin'),
  },
  {
    shapes: [],
    namedShapes: ['9', '3 3 3'],
    names: /\b(?:tfn|tax file number)\b/,
    isValid: idCheck('AU', 'tfn'),
  },
  {
    shapes: [],
    namedShapes: ['13'],
    names: /\b(?:id number|sa id|rsa id)\b/,
    isValid: idCheck('ZA', 'idnr'),
  },
  {
    shapes: [],
    namedShapes: ['11', '6 5'],
    names: /\b(?:fødselsnummer|fodselsnummer|fnr)\b/,
    isValid: idCheck('NO', 'fodselsnummer'),
  },
  {
    shapes: [],
    namedShapes: ['11'],
    names: /\b(?:tckn|tc kimlik|kimlik)\b/,
    isValid: idCheck('TR', 'tckimlik'),
  },
  {
    shapes: ['2.2.2-3.2'],
    namedShapes: ['11'],
    names: /\b(?:rijksregisternummer|insz|niss)\b/,
    isValid: idCheck('BE', 'nn'),
  },
]

interface Candidate {
  readonly scheme: Scheme
  readonly isNamedOnly: boolean
}

const SCHEMES_OF_SHAPE: ReadonlyMap<string, readonly Candidate[]> = schemesOfShape()

function schemesOfShape(): Map<string, Candidate[]> {
  const found = new Map<string, Candidate[]>()
  const add = (shape: string, candidate: Candidate): void => {
    found.set(shape, [...(found.get(shape) ?? []), candidate])
  }
  for (const scheme of SCHEMES) {
    for (const shape of scheme.shapes) add(shape, { scheme, isNamedOnly: false })
    for (const shape of scheme.namedShapes) add(shape, { scheme, isNamedOnly: true })
  }
  return found
}
