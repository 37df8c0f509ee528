/** One call by ingest, so that the organisation has had its first event by the way that all come; then silence. */
import { mintProjectKey } from '../../local/bootstrap.ts'
import { untilQuiet } from './ask.ts'
import { sendCall } from './send-call.ts'
import type { Stage } from './stage.ts'

export async function warmUp({ postgres, orgId, projects, ingestPort, wire }: Stage): Promise<void> {
  const [project] = projects
  if (project === undefined) throw new Error('nothing was seeded')
  const of = { orgId, projectId: project.id, name: 'warm-up' }
  const apiKey = await mintProjectKey(postgres, of, new Date())
  await sendCall(ingestPort, apiKey, { id: 'warm-up', tokensIn: 1_000 })
  await untilQuiet(wire)
}
