/** A known key as ingest has it once it was looked up, with the default rules. */
import { parseKeyring } from '../../core/envelope.ts'
import { buildPriceBook } from '../../core/pricing/genai-prices.ts'
import { DEFAULT_POLICY } from '../../core/redact/policy.ts'
import type { KnownApiKey } from '../../ingest/keys/known-keys.ts'

export const aKnownKey = (changes: Partial<KnownApiKey> = {}): KnownApiKey => ({
  id: 'key_1',
  orgId: 'org_1',
  projectId: 'prj_1',
  projectName: 'support-bot',
  scopes: ['ingest'],
  person: null,
  expiresAt: null,
  revokedAt: null,
  requestsPerMinute: null,
  rules: { redaction: DEFAULT_POLICY, redactionKey: Buffer.alloc(32, 7), prices: PRICES },
  ...changes,
})

const PRICES = buildPriceBook()

/** The keys that seal what tests store. */
export const KEYRING_TEXT = `k1:${Buffer.alloc(32, 1).toString('base64')}`
export const aKeyring = () => parseKeyring(KEYRING_TEXT)
