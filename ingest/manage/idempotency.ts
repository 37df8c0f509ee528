/** The `Idempotency-Key` of a call that makes something: what is sent again with it is done once. */
import { createHash } from 'node:crypto'
import type { FastifyRequest } from 'fastify'
import { canonicalJson } from '../../core/canonical-json.ts'
import type { Once } from '../../db/postgres/once.ts'
import { Refusal } from '../errors.ts'
import type { Manager } from './manager.ts'

/** By the person and not by the key, so that a key that is rotated between two tries changes nothing. */
export function onceOf(request: FastifyRequest, { orgId, homeProjectId, person }: Manager): Once | null {
  const given = request.headers['idempotency-key']
  if (given === undefined) return null
  if (typeof given !== 'string' || !/^[\x21-\x7e]{1,128}$/.test(given)) {
    throw new Refusal('idempotency_key_invalid')
  }
  const asked = [request.method, request.url, canonicalJson(request.body ?? null)]
  return { key: hashOf([orgId, homeProjectId, person, given]), fingerprint: hashOf(asked) }
}

const hashOf = (parts: readonly string[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('hex')
