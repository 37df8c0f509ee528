/** A process that reprices and is killed once its adjustments are counted, before the archive has any of them. */
import { openClickHouse } from '../../db/clickhouse/open.ts'
import { openPostgres } from '../../db/postgres/open.ts'
import { bookOf } from '../../test/reprice/books.ts'
import { NOON, NOVEMBER } from '../../test/reprice/reprice-ground.ts'
import { applyReprice } from './reprice.ts'

const [orgId = '', postgresUrl = '', clickhouseUrl = ''] = process.argv.slice(2)
const deps = {
  postgres: openPostgres(postgresUrl, { connectionsMax: 2 }),
  clickhouse: openClickHouse(clickhouseUrl),
  objects: {
    put: async () => {
      process.kill(process.pid, 'SIGKILL')
    },
  },
  book: bookOf({ 'new-1': '3' }),
  now: () => NOON,
}
await applyReprice(deps, { orgId, ...NOVEMBER, provider: null, model: null, unpricedOnly: true }, 'operator')
