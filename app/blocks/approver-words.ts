/** Who may approve a request for an override, as the people who wait for one are told. */
import type { OverrideTerms } from '../../core/budget/override-policy.ts'
import { who } from './text.ts'

type Who = Pick<OverrideTerms, 'lifters' | 'secondPerson'>

/** A message that names more of them would only be noise. */
const NAMES_MAX = 10

/** `an admin or approver`, `<@U1>, <@U2> or <@U3>`. Whoever asked is left out where they may not approve. */
export function approverWords({ lifters, secondPerson }: Who, requestedBy: string): string {
  const other = secondPerson ? ', but not who asked,' : ''
  if (lifters === 'admins') return `an admin or approver${other}`
  if (lifters === 'members') return `any full member of the workspace${other}`
  const names = lifters.filter((id) => !(secondPerson && id === requestedBy))
  const more = names.length - NAMES_MAX
  const shown = names.slice(0, NAMES_MAX).map(who)
  if (more > 0) return `${shown.join(', ')} or ${more === 1 ? 'one other' : `one of ${more} others`}`
  return shown.length <= 1
    ? (shown[0] ?? 'nobody')
    : `${shown.slice(0, -1).join(', ')} or ${shown.at(-1) ?? ''}`
}
