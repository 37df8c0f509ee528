/** GET /v1/audit: who did what, the youngest deed first. */
import type { FastifyInstance } from 'fastify'
import { isId } from '../../core/ids.ts'
import type { StoredDeed } from '../../db/postgres/audit-list.ts'
import { answering, type ManageDeps } from './answering.ts'
import { readerOf, requireReader } from './manager.ts'
import { pageOf, readQuery, toPage } from './pages.ts'

const TEXT_CHARS_MAX = 128
export const AUDIT_FILTERS = ['since', 'until', 'actor', 'action', 'subject']

export function registerAudit(app: FastifyInstance, deps: ManageDeps): void {
  app.get(
    '/v1/audit',
    { onRequest: requireReader(deps) },
    answering(async (request, reply) => {
      const fields = readQuery(request.query, AUDIT_FILTERS)
      const filter = {
        since: fields.instantOrNull('since'),
        until: fields.instantOrNull('until'),
        actor: fields.textOrNull('actor', TEXT_CHARS_MAX),
        action: fields.textOrNull('action', TEXT_CHARS_MAX),
        subject: fields.textOrNull('subject', TEXT_CHARS_MAX),
      }
      const page = fields.finish(pageOf(fields, (text) => isId('aud', text)))
      const rows = await deps.manage.deeds(readerOf(request), filter, { ...page, rowsMax: page.rowsMax + 1 })
      return reply.send(toPage(rows, page, { item: toDeedJson, known: ({ id }) => id }))
    }),
  )
}

const toDeedJson = ({ id, at, actor, action, subject, origin, before, after }: StoredDeed) => ({
  ...{ id, at: at.toISOString(), actor, action, subject, origin },
  ...{ before: before ?? null, after: after ?? null },
})
