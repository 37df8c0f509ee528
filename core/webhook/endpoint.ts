/**
 * Where a customer wants to be told, as they type it: `https` on the internet, and nothing that could be ours.
 * The name is looked up at each attempt and its addresses checked anew there; this refuses early what never can be right.
 */
import { WEBHOOK_EVENTS, type WebhookEventType } from './events.ts'
import { isAddress, isLoopbackAddress, isPublicAddress } from './public-address.ts'

export interface WebhookEndpoint {
  readonly url: string
  /** Null is every event, those to come included. */
  readonly events: readonly WebhookEventType[] | null
}

export type ParsedEndpoint =
  | { readonly kind: 'endpoint'; readonly endpoint: WebhookEndpoint }
  | { readonly kind: 'bad'; readonly problems: readonly string[] }

export interface EndpointRules {
  /** For development and tests: this machine's own addresses, and plain `http` to them. */
  readonly allowLoopback: boolean
}

const URL_CHARS_MAX = 2048
/** Names that by their standards never leave a local network, or this machine. */
const LOCAL_NAME = /(?:^|\.)(?:localhost|local|internal|intranet|lan|home\.arpa|in-addr\.arpa|ip6\.arpa)$/
const HTTPS_PORT = 443
/** Below it are the ports of mail, shells and stores; what serves a webhook there is a mistake or an attack. */
const FREE_PORT_MIN = 1024

export function parseEndpoint(
  { url, events }: { readonly url: string; readonly events: readonly string[] | null },
  rules: EndpointRules,
): ParsedEndpoint {
  const problems = [...problemsOfUrl(url, rules), ...problemsOfEvents(events)]
  if (problems.length > 0) return { kind: 'bad', problems }
  return { kind: 'endpoint', endpoint: { url: toEndpointUrl(url), events: toEndpointEvents(events) } }
}

/** The one form in which a URL without problems is kept. */
export const toEndpointUrl = (url: string): string => new URL(url).href

/** Each once, in one order, so that the same wish is the same list. */
export const toEndpointEvents = (events: readonly string[] | null): WebhookEndpoint['events'] =>
  events === null ? null : WEBHOOK_EVENTS.filter((event) => events.includes(event))

/** The URL for eyes and audit trails: what may be a secret in its query is left out. */
export function shownUrl(url: string): string {
  const { origin, pathname, search } = new URL(url)
  return `${origin}${pathname}${search === '' ? '' : '?…'}`
}

/** What a shown URL has in place of its query, once it is parsed again. */
const HIDDEN_QUERY = '?%E2%80%A6'

/** The host as a resolver takes it: an IPv6 address without its brackets. */
export const hostOf = (url: URL): string => url.hostname.replace(/^\[(.*)\]$/, '$1')

const isLoopbackHost = (host: string): boolean => host === 'localhost' || isLoopbackAddress(host)

export function problemsOfUrl(text: string, { allowLoopback }: EndpointRules): string[] {
  if (text.length > URL_CHARS_MAX) return [`the URL has more than ${URL_CHARS_MAX} characters`]
  if (!URL.canParse(text)) return ['the URL must be one such as https://hooks.example.com/lensai']
  const url = new URL(text)
  const isOurs = allowLoopback && isLoopbackHost(hostOf(url))
  const problems: string[] = []
  if (url.protocol !== 'https:' && !(isOurs && url.protocol === 'http:')) {
    problems.push('the URL must begin with https://')
  }
  if (url.username !== '' || url.password !== '') {
    problems.push('the URL must hold no user and password: the signature says that it is us')
  }
  if (url.search === HIDDEN_QUERY) {
    problems.push('the URL is as it is shown, with its query left out: say it whole')
  }
  if (url.hash !== '') problems.push('the URL must hold no #fragment: it is never sent')
  const port = url.port === '' ? HTTPS_PORT : Number(url.port)
  if (port !== HTTPS_PORT && port < FREE_PORT_MIN) {
    problems.push(`the port must be ${HTTPS_PORT}, or ${FREE_PORT_MIN} and above`)
  }
  if (!isOurs) problems.push(...problemsOfHost(hostOf(url)))
  return problems
}

/** The URL's parser has brought every spelling of an address into its one form before. */
function problemsOfHost(host: string): string[] {
  if (isAddress(host)) {
    return isPublicAddress(host) ? [] : [`the host ${host} is no public address on the internet`]
  }
  if (!host.includes('.') || host.endsWith('.') || LOCAL_NAME.test(host)) {
    return [`the host ${host} is no public name on the internet, such as hooks.example.com`]
  }
  return []
}

export function problemsOfEvents(events: readonly string[] | null): string[] {
  if (events === null) return []
  if (events.length === 0) return ['say at least one event, or leave them out to hear of all']
  const known: readonly string[] = WEBHOOK_EVENTS
  const unknown = events.filter((event) => !known.includes(event))
  if (unknown.length === 0) return []
  const names = unknown.map((event) => JSON.stringify(event.slice(0, 64))).join(', ')
  return [`there is no event ${names}; there are ${WEBHOOK_EVENTS.join(', ')}`]
}
