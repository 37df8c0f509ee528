/** One delivery from its claim to what is kept of it: sign, post, decide, keep. */
import { type Keyring, open } from '../../core/envelope.ts'
import { type AttemptOutcome, endAttempt } from '../../core/webhook/delivery.ts'
import { secretsAt, signatureHeaders } from '../../core/webhook/signature.ts'
import type { Postgres } from '../../db/postgres/open.ts'
import { type ClaimedDelivery, keepAttempt } from '../../db/postgres/webhook-sending.ts'
import { webhookSecretPurpose } from '../../db/postgres/webhooks.ts'
import type { Posted } from './post.ts'

export interface SendLog {
  info(fields: object, message: string): void
  warn(fields: object, message: string): void
  error(fields: object, message: string): void
}

export interface SendDeps {
  readonly postgres: Postgres
  readonly keyring: Keyring
  readonly now: () => Date
  /** From 0 up to 1. */
  readonly random: () => number
  readonly post: (posted: Posted) => Promise<AttemptOutcome>
  readonly log: SendLog
}

export async function sendDelivery(claimed: ClaimedDelivery, deps: SendDeps): Promise<void> {
  const { postgres, now, random } = deps
  const outcome = await attempt(claimed, deps)
  const after = endAttempt(claimed, outcome, { now: now(), random: random() })
  await keepAttempt(postgres, claimed, after, now())
  report(claimed, after, deps.log)
}

async function attempt(
  { id, body, url, webhookId, secrets }: ClaimedDelivery,
  deps: SendDeps,
): Promise<AttemptOutcome> {
  const at = deps.now()
  const purpose = webhookSecretPurpose(webhookId)
  let signed: Readonly<Record<string, string>>
  try {
    const opened = secretsAt(secrets, at).map((secret) => open(secret, deps.keyring, purpose))
    signed = signatureHeaders({ id, body }, opened, at)
  } catch (error) {
    deps.log.error(
      { err: error, webhook: webhookId },
      "a webhook's secret does not open; put the key that sealed it back into LENS_SECRET_KEYS",
    )
    return { kind: 'unanswered', why: 'its secret could not be opened here' }
  }
  const headers = { 'content-type': 'application/json', 'user-agent': 'LensAI-Webhooks/1', ...signed }
  return await deps.post({ url, body, headers })
}

/** The webhook is named by its id: a URL may hold a secret of the receiver's. */
function report(
  claimed: ClaimedDelivery,
  { delivery, endpoint }: ReturnType<typeof endAttempt>,
  log: SendLog,
): void {
  const { id, webhookId, event, attempts } = claimed
  const about = { delivery: id, webhook: webhookId, event, attempt: attempts, why: delivery.lastError }
  if (endpoint.kind === 'gone') log.warn(about, 'a webhook answered 410 Gone and is disabled')
  else if (delivery.state === 'failed') log.warn(about, 'a webhook was not delivered, and is not tried again')
  else if (delivery.state === 'retrying') log.info(about, 'a webhook was not delivered, and is tried again')
}
