/**
 * The verbs over HTTP, for tests and pages in another process: acts are POSTs with JSON, readers GETs. `team` names the
 * workspace; without it the first is meant.
 * Only loopback reaches this server, and a page of another site may not call it.
 */
import type { FastifyInstance } from 'fastify'
import type { PressRequest } from './interactions.ts'
import { SandboxRefusal } from './sandbox-refusal.ts'
import { isObject, type Json } from './validate-shape.ts'
import type { SandboxVerbs } from './verbs.ts'

const verbsPath = '/_sandbox'

export function registerVerbs(
  server: FastifyInstance,
  verbsIn: (teamId: string | null) => SandboxVerbs,
): void {
  const sources = (input: unknown) => {
    const source = isObject(input) ? input : {}
    return { source, verbs: verbsIn(source.team === undefined ? null : text(source, 'team')) }
  }
  for (const name of Object.keys(acts))
    server.post(`${verbsPath}/${name}`, async (request) => {
      const { source, verbs } = sources(request.body)
      return { result: (await acts[name]?.(verbs, source)) ?? null }
    })
  for (const name of Object.keys(readers))
    server.get(`${verbsPath}/${name}`, async (request) => {
      const { source, verbs } = sources(request.query)
      return { result: (await readers[name]?.(verbs, source)) ?? null }
    })
}

type Verb = (verbs: SandboxVerbs, source: Json) => Promise<unknown>

const acts: Readonly<Record<string, Verb>> = {
  command: (verbs, body) =>
    verbs.command({
      userId: text(body, 'userId'),
      channelId: text(body, 'channelId'),
      text: text(body, 'text'),
    }),
  press: (verbs, body) => verbs.press(readPress(body)),
  shortcut: (verbs, body) =>
    verbs.shortcut({
      userId: text(body, 'userId'),
      callbackId: text(body, 'callbackId'),
      ...(body.channelId === undefined ? {} : { channelId: text(body, 'channelId') }),
      ...(body.messageTs === undefined ? {} : { messageTs: text(body, 'messageTs') }),
    }),
  openHome: (verbs, body) => verbs.openHome({ userId: text(body, 'userId') }),
  submitView: (verbs, body) =>
    verbs.submitView({
      userId: text(body, 'userId'),
      viewId: text(body, 'viewId'),
      values: isObject(body.values) ? body.values : {},
    }),
  closeView: (verbs, body) => verbs.closeView({ userId: text(body, 'userId'), viewId: text(body, 'viewId') }),
  uninstall: (verbs) => verbs.uninstall(),
  changeUser: (verbs, body) =>
    verbs.changeUser(text(body, 'userId'), isObject(body.change) ? body.change : {}),
  storm: (verbs, body) =>
    verbs.storm({
      methods: texts(body, 'methods'),
      times: count(body, 'times'),
      retryAfterS: count(body, 'retryAfterS'),
    }),
  tellRevoked: (verbs, body) => verbs.tellRevoked({ bot: texts(body, 'bot'), oauth: texts(body, 'oauth') }),
}
const readers: Readonly<Record<string, Verb>> = {
  messages: (verbs, query) => verbs.messages(text(query, 'channelId')),
  thread: (verbs, query) => verbs.thread(text(query, 'channelId'), text(query, 'ts')),
  ephemerals: (verbs, query) => verbs.ephemerals(text(query, 'userId')),
  modal: (verbs, query) => verbs.modal(text(query, 'userId')),
  home: (verbs, query) => verbs.home(text(query, 'userId')),
  files: (verbs) => verbs.files(),
  calls: (verbs) => verbs.calls(),
  deliveries: (verbs) => verbs.deliveries(),
  users: (verbs) => verbs.users(),
  channels: (verbs) => verbs.channels(),
}

function texts(source: Json, name: string): string[] {
  const value = source[name]
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : []
}

function text(source: Json, name: string): string {
  const value = source[name]
  if (typeof value !== 'string') throw new SandboxRefusal('bad_request', `${name} must be a string`)
  return value
}

function count(source: Json, name: string): number {
  const value = source[name]
  if (typeof value === 'number' && Number.isSafeInteger(value) && value > 0) return value
  throw new SandboxRefusal('bad_request', `${name} must be a whole number above zero`)
}

function readPress(body: Json): PressRequest {
  const optional = (name: 'blockId' | 'channelId' | 'messageTs' | 'viewId') =>
    typeof body[name] === 'string' ? { [name]: body[name] } : {}
  return {
    userId: text(body, 'userId'),
    actionId: text(body, 'actionId'),
    ...optional('blockId'),
    ...optional('channelId'),
    ...optional('messageTs'),
    ...optional('viewId'),
    ...(isObject(body.held) ? { held: body.held } : {}),
    ...(isObject(body.values) ? { values: body.values } : {}),
  }
}
