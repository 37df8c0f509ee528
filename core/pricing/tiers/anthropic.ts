/**
 * Anthropic's tiers. Multipliers of fast mode and of a region apply to every class of tokens, the cache's too.
 * Its priority tier is capacity that was bought beforehand: no list says what a call in it costs, so it is an estimate.
 */
import { HALF, TEXT_AND_CACHE, type TierFact, TWICE } from './tier-fact.ts'

const ALL = { provider: 'anthropic', classes: TEXT_AND_CACHE } as const
const FAST = { ...ALL, tiers: ['fast'], readOn: '2026-11-25' } as const
const FAST_MODE = 'https://platform.claude.com/docs/en/build-with-claude/fast-mode'

export const ANTHROPIC_TIERS: readonly TierFact[] = [
  {
    ...{
      ...ALL,
      tiers: ['batch'],
      models: ['claude-*'],
      from: '2024-10-08',
      share: HALF,
      readOn: '2026-10-14',
    },
    source: 'https://platform.claude.com/docs/en/build-with-claude/batch-processing',
  },
  // Until 2026-02-16 at half of this, as an introduction.
  { ...FAST, models: ['claude-opus-4-6'], from: '2026-02-17', share: [6n, 1n], source: FAST_MODE },
  {
    ...{ ...FAST, from: '2026-02-17', share: TWICE, source: FAST_MODE },
    models: ['claude-opus-4-8', 'claude-opus-5', 'claude-opus-5-5'],
  },
  {
    ...{ ...ALL, tiers: ['us'], from: '2026-02-05', share: [11n, 10n], readOn: '2026-11-25' },
    // Those that take `inference_geo` at all.
    models: [
      ...['claude-opus-4-6', 'claude-opus-4-7', 'claude-opus-4-8', 'claude-opus-5', 'claude-opus-5-5'],
      ...['claude-sonnet-4-6', 'claude-sonnet-5', 'claude-fable-5', 'claude-fable-5-1'],
    ],
    source: 'https://platform.claude.com/docs/en/manage-claude/data-residency',
  },
]
