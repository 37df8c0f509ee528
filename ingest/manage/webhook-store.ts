/** Every effect that the manage API can have on webhooks, and all that it reads of them. */
import type { Keyring } from '../../core/envelope.ts'
import type { EndpointRules } from '../../core/webhook/endpoint.ts'
import { changeWebhook, type WebhookChange } from '../../db/postgres/change-webhook.ts'
import type { Postgres } from '../../db/postgres/open.ts'
import {
  type ListedDelivery,
  type Replayed,
  type Replaying,
  replayDeliveries,
} from '../../db/postgres/webhook-deliveries.ts'
import {
  type DeliveryFilter,
  readDeliveryPage,
  readOneWebhook,
  readWebhookPage,
} from '../../db/postgres/webhook-lists.ts'
import {
  type AddingWebhook,
  addWebhook,
  archiveWebhook,
  type OneWebhook,
  type RotatingSecret,
  rotateWebhookSecret,
  type SecretRotated,
  type Webhook,
  type WebhookAdded,
  type WebhookChanged,
} from '../../db/postgres/webhooks.ts'

interface Asked {
  readonly after: string | null
  readonly rowsMax: number
}

export interface WebhookStore {
  /** What a URL may be. */
  readonly rules: EndpointRules
  list(orgId: string, page: Asked): Promise<readonly Webhook[]>
  /** Null for one that is not there, is another organisation's, or was removed. */
  find(orgId: string, webhookId: string): Promise<Webhook | null>
  deliveries(filter: DeliveryFilter, page: Asked): Promise<readonly ListedDelivery[]>
  add(adding: AddingWebhook): Promise<WebhookAdded>
  change(changing: OneWebhook & { readonly change: WebhookChange }): Promise<Webhook | null>
  rotate(rotating: RotatingSecret): Promise<SecretRotated>
  remove(one: OneWebhook): Promise<WebhookChanged>
  replay(replaying: Replaying): Promise<Replayed>
}

export interface WebhookStoreDeps {
  readonly postgres: Postgres
  readonly now: () => Date
  readonly keyring: Keyring
  readonly allowLoopback: boolean
}

export function webhookStoreIn({ postgres, now, keyring, allowLoopback }: WebhookStoreDeps): WebhookStore {
  const { tables } = postgres
  return {
    rules: { allowLoopback },
    list: (orgId, page) => readWebhookPage(tables, orgId, page),
    find: (orgId, webhookId) => readOneWebhook(tables, orgId, webhookId),
    deliveries: (filter, page) => readDeliveryPage(tables, filter, page),
    add: (adding) => addWebhook(postgres, adding, keyring, now()),
    change: (changing) => changeWebhook(postgres, changing, now()),
    rotate: (rotating) => rotateWebhookSecret(postgres, rotating, keyring, now()),
    remove: (one) => archiveWebhook(postgres, one, now()),
    replay: (replaying) => replayDeliveries(postgres, replaying, now()),
  }
}
