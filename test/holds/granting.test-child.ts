/** A replica that asks for holds as fast as it can, on its own leases, until it is killed; tells each grant it heard. */
import { openPostgres } from '../../db/postgres/open.ts'
import { openHolds } from '../../ingest/holds/open-holds.ts'
import { askOf } from './ask-of.ts'

const [url = '', orgId = '', projectId = '', name = '', amount = '', atOnceText = ''] = process.argv.slice(2)
const log = { info: () => undefined, warn: () => undefined, error: () => undefined }
const postgres = openPostgres(url, { connectionsMax: 4 })
const holds = openHolds({ postgres, now: () => new Date(), log })
let isOpen = true
process.on('message', () => {
  isOpen = false
})

async function askOnAndOn(worker: number): Promise<void> {
  for (let nth = 0; isOpen; nth++) {
    const call = askOf({ orgId, projectId, requestId: `${name}-${worker}-${nth}`, amount })
    const answer = await holds.ask(call)
    if (answer.kind === 'granted') process.send?.({ granted: answer.hold.id })
    else if (answer.kind === 'refused') return
  }
}

await Promise.all(Array.from({ length: Number(atOnceText) }, (_, worker) => askOnAndOn(worker)))
await holds.close()
await postgres.close()
process.send?.({ done: true })
process.disconnect?.()
