/**
 * The verbs over HTTP, for tests and pages in another process: acts are POSTs with JSON, readers GETs.
 * Only loopback reaches this server, and a page of another site may not call it.
 */
import type { FastifyInstance } from 'fastify'
import type { PressRequest } from './interactions.ts'
import { SandboxRefusal } from './sandbox-refusal.ts'
import { isObject, type Json } from './validate-shape.ts'
import type { SandboxVerbs } from './verbs.ts'

const verbsPath = '/_sandbox'

export function registerVerbs(server: FastifyInstance, verbs: SandboxVerbs): void {
  const acts: Record<string, (body: Json) => Promise<unknown>> = {
    command: (body) =>
      verbs.command({
        userId: text(body, 'userId'),
        channelId: text(body, 'channelId'),
        text: text(body, 'text'),
      }),
    press: (body) => verbs.press(readPress(body)),
    shortcut: (body) =>
      verbs.shortcut({
        userId: text(body, 'userId'),
        callbackId: text(body, 'callbackId'),
        ...(body.channelId === undefined ? {} : { channelId: text(body, 'channelId') }),
        ...(body.messageTs === undefined ? {} : { messageTs: text(body, 'messageTs') }),
      }),
    openHome: (body) => verbs.openHome({ userId: text(body, 'userId') }),
    submitView: (body) =>
      verbs.submitView({
        userId: text(body, 'userId'),
        viewId: text(body, 'viewId'),
        values: isObject(body.values) ? body.values : {},
      }),
    closeView: (body) => verbs.closeView({ userId: text(body, 'userId'), viewId: text(body, 'viewId') }),
    uninstall: () => verbs.uninstall(),
    changeUser: (body) => verbs.changeUser(text(body, 'userId'), isObject(body.change) ? body.change : {}),
    tellRevoked: (body) => verbs.tellRevoked({ bot: texts(body, 'bot'), oauth: texts(body, 'oauth') }),
    storm: (body) =>
      verbs.storm({
        methods: texts(body, 'methods'),
        times: count(body, 'times'),
        retryAfterS: count(body, 'retryAfterS'),
      }),
  }
  const readers: Record<string, (query: Json) => Promise<unknown>> = {
    messages: (query) => verbs.messages(text(query, 'channelId')),
    thread: (query) => verbs.thread(text(query, 'channelId'), text(query, 'ts')),
    ephemerals: (query) => verbs.ephemerals(text(query, 'userId')),
    modal: (query) => verbs.modal(text(query, 'userId')),
    home: (query) => verbs.home(text(query, 'userId')),
    files: () => verbs.files(),
    calls: () => verbs.calls(),
    deliveries: () => verbs.deliveries(),
    users: () => verbs.users(),
    channels: () => verbs.channels(),
  }
  for (const [name, act] of Object.entries(acts))
    server.post(`${verbsPath}/${name}`, async (request) => ({
      result: (await act(isObject(request.body) ? request.body : {})) ?? null,
    }))
  for (const [name, read] of Object.entries(readers))
    server.get(`${verbsPath}/${name}`, async (request) => ({
      result: (await read(isObject(request.query) ? request.query : {})) ?? null,
    }))
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
