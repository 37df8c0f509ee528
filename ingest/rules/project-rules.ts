/**
 * What a project wants done with its events before they are stored: what is taken out, and what its calls cost.
 * Read with the API key, so remembered and refreshed as the key is.
 * Invariant: rules that cannot be read lose no event; the strictest then hold, and the log says so.
 */
import { createHash, randomBytes } from 'node:crypto'
import { type Envelope, type Keyring, open, seal } from '../../core/envelope.ts'
import type { PriceBook } from '../../core/pricing/rates.ts'
import { DETECTED_KINDS } from '../../core/redact/kinds.ts'
import { DEFAULT_POLICY, parseRedactionPolicy, type RedactionPolicy } from '../../core/redact/policy.ts'
import type { StoredApiKey } from '../../db/postgres/api-keys.ts'
import { type Log, reasonOf } from '../log.ts'

export interface ProjectRules {
  readonly redaction: RedactionPolicy
  /** The secret of the hashes that stand for what is personal: the same for as long as the project lives. */
  readonly redactionKey: Uint8Array
  readonly prices: PriceBook
}

export interface RulesDeps {
  readonly keyring: Keyring
  /** Keeps the first sealed key that a project is given, and returns the one that it has. */
  readonly keepRedactionKey: (projectId: string, made: Envelope) => Promise<Envelope>
  readonly pricesOf: (orgId: string) => Promise<PriceBook>
  readonly log: Log
}

const KEY_BYTES = 32

export async function readRules(deps: RulesDeps, key: StoredApiKey): Promise<ProjectRules> {
  const prices = await deps.pricesOf(key.orgId)
  const redaction = policyOf(deps, key)
  const sealed = key.redactionKey ?? (await deps.keepRedactionKey(key.projectId, makeKey(deps, key)))
  try {
    const text = open(sealed, deps.keyring, redactionKeyPurpose(key.projectId))
    return { redaction, redactionKey: Buffer.from(text, 'base64'), prices }
  } catch (error) {
    const { projectId } = key
    deps.log.error(
      { ...reasonOf(error), projectId },
      "the key of a project's hashes does not open: what would be hashed is taken out; put the key back into LENS_SECRET_KEYS",
    )
    // Only request ids are hashed then, where a resend must come to the same.
    return { redaction: withoutHashes(redaction), redactionKey: digestOf(projectId), prices }
  }
}

function policyOf({ log }: RulesDeps, { redaction, projectId }: StoredApiKey): RedactionPolicy {
  if (redaction === null || redaction === undefined) return DEFAULT_POLICY
  const parsed = parseRedactionPolicy(redaction)
  if (parsed.kind === 'policy') return parsed.policy
  log.error({ projectId, problems: parsed.problems }, 'a redaction policy cannot be read; the default holds')
  return DEFAULT_POLICY
}

const makeKey = ({ keyring }: RulesDeps, key: StoredApiKey): Envelope =>
  seal(
    { plaintext: randomBytes(KEY_BYTES).toString('base64'), purpose: redactionKeyPurpose(key.projectId) },
    keyring,
  )

/** What the envelope of a project's key is sealed for. */
export const redactionKeyPurpose = (projectId: string): string => `redaction_key:${projectId}`

const digestOf = (text: string): Uint8Array => createHash('sha256').update(text).digest()

const withoutHashes = (policy: RedactionPolicy): RedactionPolicy => ({
  ...policy,
  kinds: withoutHashedKinds(policy.kinds),
  ids: policy.ids === 'hash' ? 'redact' : policy.ids,
  fields: new Map([...policy.fields].map(([name, action]) => [name, action === 'hash' ? 'redact' : action])),
})

function withoutHashedKinds(kinds: RedactionPolicy['kinds']): RedactionPolicy['kinds'] {
  const strict = { ...kinds }
  for (const kind of DETECTED_KINDS) if (strict[kind] === 'hash') strict[kind] = 'redact'
  return strict
}
