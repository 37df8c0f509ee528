/** A webhook as a body of the manage API says it: whole to make one, in part to change one. */
import {
  type EndpointRules,
  problemsOfEvents,
  problemsOfUrl,
  shownUrl,
  toEndpointEvents,
  toEndpointUrl,
  type WebhookEndpoint,
} from '../../core/webhook/endpoint.ts'
import type { WebhookChange } from '../../db/postgres/change-webhook.ts'
import { type Fields, readFields } from './read-fields.ts'

export const NEW_WEBHOOK_FIELDS = ['url', 'events']
export const WEBHOOK_CHANGE_FIELDS = [...NEW_WEBHOOK_FIELDS, 'enabled']
const URL_CHARS_MAX = 2048

export function parseNewWebhook(body: unknown, rules: EndpointRules): WebhookEndpoint {
  const fields = readFields(body, NEW_WEBHOOK_FIELDS)
  return fields.finish({ url: urlIn(fields, rules), events: eventsIn(fields) })
}

/** `shown` is the URL as it is read of the webhook: sent back like this it stays, with the query that is not shown. */
export function parseWebhookChange(
  body: unknown,
  rules: EndpointRules,
  stored: Pick<WebhookEndpoint, 'url'>,
): WebhookChange {
  const fields = readFields(body, WEBHOOK_CHANGE_FIELDS)
  const isSaidAnew = fields.has('url') && fields.value('url') !== shownUrl(stored.url)
  return fields.finish({
    ...(isSaidAnew ? { url: urlIn(fields, rules) } : {}),
    ...(fields.has('events') ? { events: eventsIn(fields) } : {}),
    ...(fields.has('enabled') ? { isEnabled: enabledIn(fields) } : {}),
  })
}

function urlIn(fields: Fields, rules: EndpointRules): string {
  const text = fields.text('url', URL_CHARS_MAX)
  if (text === '') return text
  const problems = problemsOfUrl(text, rules)
  for (const problem of problems) fields.complain('url', problem)
  return problems.length === 0 ? toEndpointUrl(text) : text
}

/** Null, and nothing said, is every event. */
function eventsIn(fields: Fields): WebhookEndpoint['events'] {
  const given = fields.value('events') ?? null
  if (given === null) return null
  const listed: readonly unknown[] = Array.isArray(given) ? given : []
  const events = listed.filter((event): event is string => typeof event === 'string')
  if (!Array.isArray(given) || events.length < listed.length) {
    fields.complain('events', 'must be null for every event, or a list of their names')
    return null
  }
  for (const problem of problemsOfEvents(events)) fields.complain('events', problem)
  return toEndpointEvents(events)
}

function enabledIn(fields: Fields): boolean {
  const given = fields.value('enabled')
  if (typeof given === 'boolean') return given
  fields.complain('enabled', 'must be true or false')
  return true
}
