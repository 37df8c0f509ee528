import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { nanoUsd } from '../../core/money.ts'
import { ONBOARDING_STEPS } from '../../core/onboarding.ts'
import type { Onboarding } from '../../db/postgres/onboarding-steps.ts'
import { messageFaults, viewFaults } from '../../test/slack-limits.ts'
import { firstCallBlocks, firstEventWords, keyButtons, welcomeBlocks } from './welcome.ts'
import { passedMessage, welcomeMessage } from './welcome-message.ts'
import { keyModal, nameProjectModal, newKeyModal, waitingModal } from './welcome-modals.ts'

const at = new Date('2026-11-25T12:00:00Z')
const names = fc.string({ minLength: 1, maxLength: 300, unit: 'grapheme' })
const onboardings: fc.Arbitrary<Onboarding> = fc.record({
  at: fc.subarray([...ONBOARDING_STEPS]).map((steps) => Object.fromEntries(steps.map((step) => [step, at]))),
  firstEvent: fc.option(
    fc.record({
      at: fc.constant(at),
      projectId: fc.constantFrom('prj_0', null),
      model: fc.option(names),
      cost: fc.option(fc.bigInt({ min: 0n, max: 10n ** 17n }).map(nanoUsd)),
    }),
  ),
  firstHour: fc.option(fc.bigInt({ min: 0n, max: 10n ** 17n }).map(nanoUsd)),
})
const facts = fc.record({
  onboarding: onboardings,
  projects: fc
    .array(names, { maxLength: 120 })
    .map((all) => all.map((name, index) => ({ id: `prj_${index}`, orgId: 'org_1', name }))),
  mayMakeKeys: fc.boolean(),
  ingestUrl: fc.constant(`https://${'ingest.'.repeat(20)}example.com`),
  asOf: fc.integer({ min: 0, max: 200 }).map((seconds) => new Date(at.getTime() + seconds * 1000)),
})

describe('the beginning in Slack', () => {
  it('is within its limits, whatever the names, the sums and the steps', () => {
    fc.assert(
      fc.property(facts, (one) => {
        expect(messageFaults(welcomeMessage(one).blocks)).toEqual([])
        expect(messageFaults(passedMessage(one).blocks)).toEqual([])
        for (const blocks of [welcomeBlocks(one), [...firstCallBlocks(one), ...keyButtons()]])
          expect(viewFaults({ type: 'home', blocks })).toEqual([])
        const { ingestUrl, projects, onboarding, asOf } = one
        const text = `lens_abcdefgh_${'x'.repeat(43)}`
        const modals = [
          nameProjectModal(true),
          keyModal({ text, projectName: projects[0]?.name ?? 'one', ingestUrl }),
          waitingModal(onboarding.firstEvent, asOf),
          ...(projects.length === 0 ? [] : [newKeyModal(projects)]),
        ]
        for (const modal of modals) expect(viewFaults(modal)).toEqual([])
      }),
      { numRuns: 60 },
    )
  })

  it('shows a key where nothing sends it back: without submit, inputs, buttons or metadata', () => {
    const modal = keyModal({ text: 'lens_k', projectName: 'one', ingestUrl: 'http://127.0.0.1:4100' })
    expect(Object.keys(modal).sort()).toEqual(['blocks', 'close', 'title', 'type'])
    expect(new Set(modal.blocks.map(({ type }) => type))).toEqual(new Set(['section', 'context', 'divider']))
    expect(JSON.stringify(modal.blocks)).not.toContain('action_id')
  })

  it('says seconds while they are fresh, then when it was; and a call without a price is not $0', () => {
    const event = { at, projectId: 'prj_0', model: 'gpt-4o-mini', cost: nanoUsd(2_100_000n) }
    const later = (seconds: number) => new Date(at.getTime() + seconds * 1000)
    expect(firstEventWords(event, later(3))).toBe('First event 3 s ago: gpt-4o-mini, $0.0021')
    expect(firstEventWords(event, later(60))).not.toContain('ago')
    expect(firstEventWords({ ...event, cost: null }, later(3))).not.toContain('$')
  })
})
