/** After the sealing key was rotated: seals every project's key of hashes anew, so that the old one can go. */
import { type Keyring, open, seal } from '../../core/envelope.ts'
import type { Postgres } from '../../db/postgres/open.ts'
import { listRedactionKeys, replaceRedactionKey } from '../../db/postgres/projects.ts'
import { redactionKeyPurpose } from './project-rules.ts'

/** How many were sealed anew. Rejects when one does not open, after the others. */
export async function resealRedactionKeys({ tables }: Postgres, keyring: Keyring): Promise<number> {
  const failures: unknown[] = []
  let resealed = 0
  for (const { projectId, redactionKey } of await listRedactionKeys(tables)) {
    if (redactionKey.keyId === keyring.currentKeyId) continue
    try {
      const purpose = redactionKeyPurpose(projectId)
      const anew = seal({ plaintext: open(redactionKey, keyring, purpose), purpose }, keyring)
      await replaceRedactionKey(tables, projectId, { from: redactionKey, to: anew })
      resealed += 1
    } catch (error) {
      failures.push(error)
    }
  }
  if (failures.length > 0) throw failures[0]
  return resealed
}
