/**
 * What a route's body is made of: bytes in any encoding we take, or JSON in strict UTF-8.
 * Invariant: a body is bounded by its route's limit both as it came and inflated, and what is wrong with it is a refusal.
 */
import type { FastifyRequest } from 'fastify'
import { unreachable } from '../../core/unreachable.ts'
import { Refusal } from '../errors.ts'
import { inflate } from './inflate.ts'
import { CONTAINERS_MAX, jsonParser, type ParsedJson } from './parse-json.ts'

/** Strict where a lenient reader would count something else than was sent: broken UTF-8 is no JSON. */
const utf8 = new TextDecoder('utf-8', { fatal: true })

export async function bytesOf(request: FastifyRequest, body: Buffer): Promise<Buffer> {
  const bytesMax = request.routeOptions.bodyLimit
  const inflated = await inflate(body, { encoding: request.headers['content-encoding'], bytesMax })
  switch (inflated.kind) {
    case 'bytes':
      return inflated.bytes
    case 'too_large':
      throw new Refusal('body_too_large')
    case 'damaged':
      throw new Refusal('body_not_gzip')
    case 'encoding_unknown':
      throw new Refusal('encoding_unsupported')
    default:
      return unreachable(inflated)
  }
}

export async function jsonOf(request: FastifyRequest, body: Buffer): Promise<unknown> {
  const bytes = await bytesOf(request, body)
  const read = jsonParser()(textIn(bytes))
  if (read.kind === 'json') return read.value
  throw refusalOf(read.kind)
}

/** Why JSON was not read, as the caller is told. */
export function refusalOf(why: Exclude<ParsedJson['kind'], 'json'>): Refusal {
  switch (why) {
    case 'not_json':
      return new Refusal('body_not_json')
    case 'too_deep':
      return new Refusal('body_too_deep')
    case 'too_many':
      return new Refusal(
        'body_too_large',
        `The body holds more than ${CONTAINERS_MAX} lists and objects; send smaller batches.`,
      )
    default:
      return unreachable(why)
  }
}

function textIn(bytes: Buffer): string {
  try {
    return utf8.decode(bytes)
  } catch {
    throw new Refusal('body_not_json')
  }
}
