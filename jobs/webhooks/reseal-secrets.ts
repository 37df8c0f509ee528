/** After the sealing key was rotated: seals every webhook's secrets anew, so that the old key can go. */
import { type Envelope, type Keyring, open, seal } from '../../core/envelope.ts'
import type { Postgres } from '../../db/postgres/open.ts'
import { listSecretsNotSealedBy, replaceSealedSecrets } from '../../db/postgres/webhook-sending.ts'
import { webhookSecretPurpose } from '../../db/postgres/webhooks.ts'

/** How many webhooks were sealed anew. Rejects when a secret does not open, after the others. */
export async function resealWebhookSecrets({ tables }: Postgres, keyring: Keyring): Promise<number> {
  const left: string[] = []
  let resealed = 0
  for (const from of await listSecretsNotSealedBy(tables, keyring.currentKeyId)) {
    const purpose = webhookSecretPurpose(from.webhookId)
    const anew = (sealed: Envelope) => seal({ plaintext: open(sealed, keyring, purpose), purpose }, keyring)
    try {
      const { webhookId, secret, previousSecret } = from
      const to = { webhookId, secret: anew(secret), previousSecret: previousSecret && anew(previousSecret) }
      await replaceSealedSecrets(tables, { from, to })
      resealed += 1
    } catch {
      // Its own error may repeat the envelopes.
      left.push(from.webhookId)
    }
  }
  if (left.length > 0)
    throw new Error(`not sealed anew: ${left.slice(0, 20).join(', ')} (${left.length} in all)`)
  return resealed
}
