/**
 * Makes what Slack granted an installation of ours, and decides whose it is: the organisation that it had before, else that
 * of the link by which it came, else one of its own. Never one that merely has the same name.
 */
import type { OauthV2AccessResponse } from '@slack/web-api'
import type { Keyring } from '../../core/envelope.ts'
import {
  type Installation,
  lockInstallationAt,
  type Place,
  saveInstallation,
} from '../../db/postgres/installations.ts'
import type { Postgres } from '../../db/postgres/open.ts'
import { makeOrganisation, readOrganisation } from '../../db/postgres/projects.ts'
import { isFirstSight } from '../../db/postgres/slack-events.ts'
import type { Granted } from '../slack/ask-for-tokens.ts'
import { sealTokens } from '../slack/installation-token.ts'
import type { Joining } from './install-state.ts'

export type Saved =
  | { readonly kind: 'saved'; readonly installation: Installation; readonly isNewOrganisation: boolean }
  | {
      readonly kind: 'refused'
      readonly why: 'link_used' | 'of_other_organisation' | 'organisation_gone' | 'no_place'
    }

export interface Bot {
  readonly botId: string
  readonly botUserId: string
}

export async function saveGrant(
  { postgres, keyring }: { readonly postgres: Postgres; readonly keyring: Keyring },
  {
    granted,
    bot,
    joining,
  }: { readonly granted: Granted; readonly bot: Bot; readonly joining: Joining | null },
  now: Date,
): Promise<Saved> {
  const { answer, tokens } = granted
  const place = placeOf(answer)
  if (place === null) return { kind: 'refused', why: 'no_place' }
  const teamName = answer.team?.name ?? answer.enterprise?.name ?? ''
  return await postgres.tables.transaction(async (tx): Promise<Saved> => {
    const known = await lockInstallationAt(tx, place)
    if (known && joining && known.orgId !== joining.orgId)
      return { kind: 'refused', why: 'of_other_organisation' }
    if (!known && joining) {
      if (!(await readOrganisation(tx, joining.orgId))) return { kind: 'refused', why: 'organisation_gone' }
      if (!(await isFirstSight(tx, `install-link/${joining.linkId}`, now)))
        return { kind: 'refused', why: 'link_used' }
    }
    const orgId =
      known?.orgId ?? joining?.orgId ?? (await makeOrganisation(tx, teamName || 'My organisation', now)).id
    const installation = await saveInstallation(
      tx,
      {
        ...place,
        ...bot,
        ...sealTokens(tokens, place, keyring),
        orgId,
        teamName,
        installedBy: answer.authed_user?.id ?? null,
      },
      now,
    )
    return { kind: 'saved', installation, isNewOrganisation: !known && !joining }
  })
}

/** For a whole enterprise, Slack names no team. */
function placeOf({ team, enterprise, is_enterprise_install: isWhole }: OauthV2AccessResponse): Place | null {
  const enterpriseId = enterprise?.id ?? null
  if (isWhole) return enterpriseId === null ? null : { teamId: null, enterpriseId }
  return team?.id ? { teamId: team.id, enterpriseId } : null
}
