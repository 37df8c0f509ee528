/** A workspace in which the app is installed, for tests that need no Slack. */
import type { Queryable } from '../../db/postgres/open.ts'
import { slackInstallations } from '../../db/postgres/schema.ts'

export async function saveAnInstallation(
  tx: Queryable,
  {
    orgId,
    teamId,
    enterpriseId = null,
  }: { orgId: string; teamId: string | null; enterpriseId?: string | null },
  installedAt: Date,
): Promise<void> {
  const botToken = { keyId: 'k1', nonce: '', ciphertext: '' }
  const names = { teamName: 'Acme', botId: 'B1', botUserId: 'U1' }
  await tx.insert(slackInstallations).values({
    ...{ id: `ins_${teamId ?? enterpriseId}`, orgId, teamId, enterpriseId, installedAt },
    ...{ ...names, botToken },
  })
}
