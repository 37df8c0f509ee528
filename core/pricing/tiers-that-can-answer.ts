/**
 * Every service tier, as an event may name it, in which a call can be answered: the one that it asks for, the standard
 * one, and what a provider applies without being asked in the call.
 *
 * - OpenAI: without a tier, or with `auto`, the one in the project's settings, which may be priority
 *   (https://platform.openai.com/docs/api-reference/chat/create, `service_tier`). `default` in the request rules it out.
 * - Anthropic: the region that is the workspace's default, which may be `us`
 *   (https://platform.claude.com/docs/en/manage-claude/data-residency). `standard+global` rules it out. Fast mode is
 *   asked for; its priority is bought beforehand and counted at standard rates.
 * - Others (Google, Bedrock, Azure, Groq): a dearer tier only for a request that names it.
 *
 * A tier that is cheaper than the standard one never makes a hold narrower: an emitter may leave out the tier, and then
 * the call is counted as a standard one. Endpoints of a region (OpenAI's, xAI's) are told by the client, in the event
 * and so in the hold too.
 */
import { canonicalTier, isTierOfSome } from './service-tiers.ts'

interface Unasked {
  readonly tiers: readonly string[]
  readonly regions: readonly string[]
}

const UNASKED: ReadonlyMap<string, Unasked> = new Map([
  ['openai', { tiers: ['priority'], regions: [] }],
  ['anthropic', { tiers: [], regions: ['us'] }],
])
const NOTHING: Unasked = { tiers: [], regions: [] }
/** Of a gateway by a name of one's own, behind which anybody may be. */
const ANYTHING: Unasked = { tiers: ['priority'], regions: ['us'] }

/** `provider` as the list calls it, null for one that it does not have. A tier of null is the standard one. */
export function tiersThatCanAnswer(
  provider: string | null,
  asked: string | null,
): readonly (string | null)[] {
  const [name = '', ...regions] = (asked ?? '').toLowerCase().split('+')
  const unasked = provider === null ? ANYTHING : (UNASKED.get(provider) ?? NOTHING)
  const isNamed = name !== '' && name !== 'auto' && isKnown(canonicalTier(name))
  const tiers = ['standard', name, ...(isNamed ? [] : unasked.tiers)]
  const places =
    regions.length === 0 ? ['', ...unasked.regions] : ['', ...regions.filter((each) => each !== 'global')]
  const found = tiers.flatMap((tier) =>
    places.map((place) => canonicalTier(place === '' ? tier : `${tier}+${place}`)),
  )
  return [...new Set(found)]
}

/** What is no tier that we know of may be a misspelled one, of which a provider makes what it does without. */
const isKnown = (tier: string | null): boolean => tier === null || isTierOfSome(tier)
