/**
 * Damage in the middle of a journal, as of a disk that rots: what it took cannot be counted, and everything else is. It
 * is no fault of the rounds, whose judge would rightly call those events lost.
 */
import { readdir, readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { identityOf } from '../../../core/event/identity.ts'
import { decodeRecord } from '../../../ingest/journal/record.ts'
import { segmentOffsetOf } from '../../../ingest/journal/segment.ts'
import { aWireEvent } from '../../events/wire-event.ts'
import { KEYRING_TEXT } from '../../ingest/a-key.ts'
import { type BreakableLink, breakableLink } from '../../stores/breakable-link.ts'
import { type FreshClickHouse, freshClickHouse } from '../../stores/clickhouse.ts'
import { killAtExit } from '../../stores/kill-at-exit.ts'
import { type FreshDatabase, freshDatabase } from '../../stores/postgres.ts'
import { makeRunFolder, type RunFolder } from '../../stores/run-folder.ts'
import { compareStores, linesOf } from './compare-stores.ts'
import type { Call } from './load.ts'
import { makeProject } from './project.ts'
import { openReplica, type Replica } from './replica.ts'
import { untilRead } from './until-read.ts'

const pids = new Map<number, NodeJS.Signals>()
let forget: () => void
let folder: RunFolder
let database: FreshDatabase
let clickhouse: FreshClickHouse
let link: BreakableLink
let project: Awaited<ReturnType<typeof makeProject>>
let ingest: Replica
let objects: { readonly url: string }
beforeEach(async () => {
  forget = killAtExit(pids)
  folder = await makeRunFolder('lens-damaged-')
  database = await freshDatabase()
  clickhouse = await freshClickHouse()
  link = await breakableLink(database.url)
  project = await makeProject(database.url)
  objects = { url: pathToFileURL(path.join(folder.path, 'objects')).href }
  const { PATH = '', HOME = '/' } = process.env
  const env = {
    ...{ PATH, HOME, LENS_SECRET_KEYS: KEYRING_TEXT, DATABASE_URL: link.url },
    ...{ CLICKHOUSE_URL: clickhouse.url, OBJECT_STORE_URL: objects.url },
  }
  ingest = await openReplica({ name: 'ingest', dir: folder.path, env, disk: null, pids })
  await ingest.start()
}, 60_000)
afterEach(async () => {
  await ingest.end()
  await link.close()
  await clickhouse.drop()
  await database.drop()
  await folder.remove()
  forget()
})

/** Sends a batch, and gives its calls once it is acknowledged. */
async function send(...requestIds: readonly string[]): Promise<Call[]> {
  const ts = new Date().toISOString()
  const events = requestIds.map((request_id) => aWireEvent({ request_id, ts }))
  const answer = await fetch(`${ingest.url}/v1/events`, {
    method: 'POST',
    headers: { authorization: `Bearer ${project.apiKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({ events }),
  })
  expect(answer.status).toBe(202)
  const { projectId } = project
  // 1,000 tokens in at $2.50 and 100 out at $10 a million.
  return requestIds.map((requestId) => ({
    identities: [identityOf({ projectId, requestId, attempt: 1 })],
    cost: 3_500_000n,
  }))
}

/** Changes one byte of the events of the record that begins at the offset. */
async function damage(firstOffset: number): Promise<void> {
  const names = (await readdir(ingest.journalDir)).filter((name) => segmentOffsetOf(name) !== null)
  const segment = path.join(ingest.journalDir, names[0] ?? '')
  const bytes = await readFile(segment)
  for (let position = 0; position < bytes.length; ) {
    const decoded = decodeRecord(bytes, position)
    if (decoded.kind !== 'record') break
    if (decoded.record.firstOffset === firstOffset) {
      bytes[decoded.end - 10] = 0xff ^ (bytes[decoded.end - 10] ?? 0)
      return await writeFile(segment, bytes)
    }
    position = decoded.end
  }
  throw new Error(`no record begins at offset ${firstOffset}`)
}

it('takes its own events and no others, is told with their offsets, and is kept', async () => {
  const counted = await send('a', 'b')
  await untilRead(ingest)
  // So that nothing of what follows is read before it is damaged.
  await link.cut()
  const before = await send('c')
  await send('d', 'e', 'f')
  const after = [...(await send('g')), ...(await send('h', 'i'))]
  await ingest.kill()
  await damage(3)
  await link.mend()
  await ingest.start()
  await untilRead(ingest)
  const stores = { postgres: database, clickhouse, objects }
  expect(linesOf(await compareStores(stores, [...counted, ...before, ...after], new Map()))).toEqual([])
  const complaints = (await ingest.complaints()).join('\n')
  expect(complaints).toMatch(/"level":50.*damaged bytes in .* set aside/)
  expect(complaints).toMatch(/"level":50.*acknowledged events are missing: offsets 3 to 5/)
  expect(await readdir(path.join(ingest.journalDir, 'corrupt'))).toHaveLength(1)
  // Those who send it again have it counted.
  const again = await send('d', 'e', 'f')
  await untilRead(ingest)
  const all = [...counted, ...before, ...again, ...after]
  expect(linesOf(await compareStores(stores, all, new Map()))).toEqual([])
}, 120_000)
