import path from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { migratePostgres } from '../../../db/postgres/migrate.ts'
import { startPostgres } from '../../../local/stores/embedded-postgres.ts'
import { killAtExit } from '../../stores/kill-at-exit.ts'
import { temporaryFolder } from '../../temporary-folder.ts'
import { openStoreServer, type StoreServer } from '../ingest/server.ts'
import { isStopped, nextSign, openVerdictStage, type VerdictStage } from './verdict-stage.ts'

let postgres: StoreServer
let stage: VerdictStage
const closers: (() => Promise<unknown>)[] = []
beforeEach(async () => {
  const folder = await temporaryFolder()
  closers.push(() => folder.remove())
  const pids = new Map<number, NodeJS.Signals>()
  const forget = killAtExit(pids)
  closers.push(async () => forget())
  postgres = await openStoreServer({
    ...{ pids, endingSignal: 'SIGQUIT' },
    start: () => startPostgres({ dataDir: path.join(folder.path, 'postgres'), log: () => undefined }),
  })
  closers.push(() => postgres.close())
  await migratePostgres(postgres.url)
  stage = await openVerdictStage(postgres.url)
  closers.push(() => stage.close())
})
afterEach(async () => {
  for (const closer of closers.splice(0).reverse()) await closer()
})

it('a server that is killed and comes back loses no stop, of just before or after, and is found again by itself', async () => {
  const replica = await stage.openReplica()
  const listener = await replica.listen()
  await listener.waitFor(({ allowed }) => allowed)
  // Committed, and its notification lost on the way.
  await replica.toPostgres.cut()
  await stage.stop()
  await postgres.kill()
  await replica.toPostgres.mend()
  const { age_ms } = await nextSign(listener)
  await nextSign(listener, (sign) => sign.age_ms > age_ms + 500)
  expect(listener.verdicts.every(({ allowed }) => allowed)).toBe(true)
  await postgres.startAgain()
  await listener.waitFor(isStopped)
  await stage.resume()
  await listener.waitFor(({ allowed }) => allowed)
  expect((await nextSign(listener)).age_ms).toBeLessThan(10_000)
}, 90_000)
