/** Reads the words of `npm run keys` as a person types them. */
import { API_KEY_SCOPES, type ApiKeyScope, parseApiKey } from '../../core/api-key.ts'
import { OVERLAP_MS_MAX } from '../../core/api-key-life.ts'
import { isPersonId } from '../../core/budget/override-policy.ts'
import { durationMs, instantOf, readWords } from '../operate/words.ts'

/** What every verb has: who asks when it is not the account that runs it, and the form of the answer. */
interface Asked {
  readonly by: string | null
  readonly json: boolean
}

export interface ListKeys extends Asked {
  readonly kind: 'list'
  readonly org: string | null
  readonly project: string | null
  /** Those that have ended, too. */
  readonly all: boolean
}

export interface CreateKey extends Asked {
  readonly kind: 'create'
  readonly org: string | null
  readonly project: string
  readonly isNewProject: boolean
  readonly name: string
  readonly scopes: readonly ApiKeyScope[]
  /** Whom a key of scope `manage` acts as. */
  readonly person: string | null
  readonly expiresAt: Date | null
  readonly requestsPerMinute: number | null
}

export interface RotateKey extends Asked {
  readonly kind: 'rotate'
  readonly key: string
  readonly overlapMs: number
}

export interface RevokeKey extends Asked {
  readonly kind: 'revoke'
  readonly key: string
}

export type KeysAsked = ListKeys | CreateKey | RotateKey | RevokeKey
export type KeysArguments = KeysAsked | { readonly kind: 'bad'; readonly problem: string }

export const KEYS_USAGE = `usage: npm run keys -- VERB, where VERB is one of
  list [--project PROJECT] [--org ORG] [--all]
  create --project PROJECT --name NAME [--scopes ingest,verdicts,holds] [--person WHO] [--expires 90d|2027-01-31]
         [--requests-per-minute N] [--org ORG] [--new-project]
  rotate KEY [--overlap 24h]
  revoke KEY
Scopes are ${API_KEY_SCOPES.join(', ')}. A key of scope manage needs --person: the id of a Slack user, or
another name without spaces, in whose name it acts. With organisation, read and manage reach every project.
PROJECT and ORG are a name or an id, KEY is a prefix such as lens_k3v9x2mq or an id. Every verb takes --json, and --by WHO
for the audit trail.`

const ASKED = { by: { type: 'string' }, json: { type: 'boolean' } } as const
const LIST = {
  ...ASKED,
  org: { type: 'string' },
  project: { type: 'string' },
  all: { type: 'boolean' },
} as const
const CREATE = {
  ...ASKED,
  org: { type: 'string' },
  project: { type: 'string' },
  'new-project': { type: 'boolean' },
  name: { type: 'string' },
  scopes: { type: 'string' },
  person: { type: 'string' },
  expires: { type: 'string' },
  'requests-per-minute': { type: 'string' },
} as const
const ROTATE = { ...ASKED, overlap: { type: 'string' } } as const

const NAME_CHARS_MAX = 80

export function parseKeysArguments([verb = '', ...words]: readonly string[], now: Date): KeysArguments {
  switch (verb) {
    case 'list':
      return list(words)
    case 'create':
      return create(words, now)
    case 'rotate':
      return rotate(words)
    case 'revoke':
      return revoke(words)
    default:
      return { kind: 'bad', problem: KEYS_USAGE }
  }
}

function list(words: readonly string[]): KeysArguments {
  const read = readWords(words, LIST)
  if (read.kind === 'bad') return bad(read.problem)
  if (read.positionals.length > 0) return bad('list takes options only')
  const { org = null, project = null, all = false } = read.values
  return { kind: 'list', org, project, all, ...asked(read.values) }
}

function create(words: readonly string[], now: Date): KeysArguments {
  const read = readWords(words, CREATE)
  if (read.kind === 'bad') return bad(read.problem)
  if (read.positionals.length > 0) return bad('create takes options only')
  const { org = null, project, name, expires, scopes: scopesText = 'ingest,verdicts,holds' } = read.values
  if (project === undefined || !isName(project)) {
    return bad(`--project must say which project the key is for, in 1 to ${NAME_CHARS_MAX} characters`)
  }
  if (name === undefined || !isName(name)) {
    return bad(`--name must say what the key is for, in 1 to ${NAME_CHARS_MAX} characters`)
  }
  const scopes = scopesOf(scopesText)
  if (scopes === null) return bad(`--scopes must be some of ${API_KEY_SCOPES.join(',')}, with commas between`)
  const expiresAt = expires === undefined ? null : expiryOf(expires, now)
  if (expires !== undefined && expiresAt === null) {
    return bad('--expires must be a time to come: so long, as 90d or 12h, or a day such as 2027-01-31')
  }
  const person = read.values.person ?? null
  const problem = problemOfPerson(scopes, person)
  if (problem !== null) return bad(problem)
  const limit = read.values['requests-per-minute']
  if (limit !== undefined && !/^[1-9]\d{0,8}$/.test(limit)) {
    return bad('--requests-per-minute must be a whole number from 1 to 999999999')
  }
  return {
    kind: 'create',
    ...{ org, project, name, scopes, person, expiresAt },
    isNewProject: read.values['new-project'] ?? false,
    requestsPerMinute: limit === undefined ? null : Number(limit),
    ...asked(read.values),
  }
}

function rotate(words: readonly string[]): KeysArguments {
  const read = readWords(words, ROTATE)
  if (read.kind === 'bad') return bad(read.problem)
  const key = keyIn(read.positionals)
  if (key.kind === 'bad') return key
  const overlapMs = durationMs(read.values.overlap ?? '24h')
  if (overlapMs === null || overlapMs > OVERLAP_MS_MAX) {
    return bad('--overlap must be how long both keys work, from 0m to 30d, such as 24h')
  }
  return { kind: 'rotate', key: key.text, overlapMs, ...asked(read.values) }
}

function revoke(words: readonly string[]): KeysArguments {
  const read = readWords(words, ASKED)
  if (read.kind === 'bad') return bad(read.problem)
  const key = keyIn(read.positionals)
  return key.kind === 'bad' ? key : { kind: 'revoke', key: key.text, ...asked(read.values) }
}

const bad = (problem: string) => ({ kind: 'bad', problem: `${problem}\n${KEYS_USAGE}` }) as const

const asked = (values: { readonly by?: string; readonly json?: boolean }): Asked => ({
  by: values.by?.trim() || null,
  json: values.json ?? false,
})

const isName = (name: string): boolean =>
  name.trim() !== '' && name.length <= NAME_CHARS_MAX && !/\p{Cc}/u.test(name)

function scopesOf(text: string): readonly ApiKeyScope[] | null {
  const names = text.split(',').map((name) => name.trim())
  const scopes = API_KEY_SCOPES.filter((scope) => names.includes(scope))
  return new Set(names).size === scopes.length ? scopes : null
}

function problemOfPerson(scopes: readonly ApiKeyScope[], person: string | null): string | null {
  const isManaging = scopes.includes('manage')
  if (person !== null && !isPersonId(person)) {
    return '--person must be the id of a Slack user, or another name without spaces'
  }
  if (isManaging && person === null) return '--person must say in whose name a key of scope manage acts'
  if (!isManaging && person !== null) return '--person is for a key of scope manage: add it to --scopes'
  const isWide = scopes.includes('organisation')
  if (isWide && !isManaging && !scopes.includes('read')) {
    return '--scopes organisation widens read and manage: add one of them'
  }
  return null
}

function expiryOf(text: string, now: Date): Date | null {
  const inMs = durationMs(text)
  const at = inMs === null ? instantOf(text) : new Date(now.getTime() + inMs)
  return at !== null && at > now ? at : null
}

function keyIn(positionals: readonly string[]) {
  const [text, ...rest] = positionals
  if (text === undefined || rest.length > 0) return bad('say one KEY, by its prefix or id')
  // It stands in the history of the shell now, so its prefix is all that is repeated.
  const whole = parseApiKey(text)
  if (whole !== null) return bad(`that is a whole key, which should be typed nowhere; say ${whole.prefix}`)
  return { kind: 'key', text } as const
}
