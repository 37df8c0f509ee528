import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { nanoUsd, usd } from '../money.ts'
import { DEFAULT_OVERRIDE_POLICY } from './override.ts'
import {
  type BudgetOverridePolicy,
  mayApprove,
  parseOverridePolicy,
  percentOfLimit,
  policyOfOrganisation,
  termsAt,
  toOverridePolicyJson,
} from './override-policy.ts'

const id = fc.stringMatching(/^[A-Za-z0-9@._-]{1,20}$/)
const policies: fc.Arbitrary<BudgetOverridePolicy> = fc.record({
  lifters: fc.oneof(
    fc.constantFrom('admins' as const, 'members' as const),
    fc.uniqueArray(id, { minLength: 2, maxLength: 6 }).map((ids) => ids.sort()),
  ),
  amountMax: fc.oneof(
    fc.constant({ kind: 'none' } as const),
    fc
      .integer({ min: 1, max: 10 ** 6 })
      .map((cents) => ({ kind: 'usd', amount: usd(`${cents}.25`) }) as const),
    fc.integer({ min: 1, max: 1000 }).map((percent) => ({ kind: 'percent', percent }) as const),
  ),
  windowsS: fc
    .uniqueArray(fc.integer({ min: 1, max: 31 * 86_400 }), { minLength: 1, maxLength: 20 })
    .map((windows) => windows.sort((a, b) => a - b)),
  secondPerson: fc.boolean(),
  requestExpiresS: fc.integer({ min: 60, max: 7 * 86_400 }),
})
const problemsOf = (value: unknown) => {
  const parsed = parseOverridePolicy(value)
  return parsed.kind === 'bad' ? parsed.problems.join('\n') : 'parsed'
}

describe('an override policy', () => {
  it('comes back from its form on the wire as it was', () => {
    fc.assert(
      fc.property(policies, (policy) => {
        expect(parseOverridePolicy(JSON.parse(JSON.stringify(toOverridePolicyJson(policy))))).toEqual({
          kind: 'parsed',
          policy,
        })
      }),
    )
  })

  it('that leaves all out is the default of an organisation', () => {
    const expected = { kind: 'parsed', policy: policyOfOrganisation(DEFAULT_OVERRIDE_POLICY) }
    expect(parseOverridePolicy({})).toEqual(expected)
  })

  it.each([
    [[], /must be an object/],
    [{ lifters: 'admins' }, /has no "lifters"; it has approvers/],
    [{ approvers: 'everyone' }, /approvers is "everyone".*"admins"/],
    [{ approvers: [] }, /approvers is a list/],
    [{ approvers: ['U1', 'two words'] }, /ids of people/],
    [{ approvers: ['U1'], second_person: true }, /could never be the second/],
    [{ approvers: ['U1', 'U1'], second_person: true }, /could never be the second/],
    [{ amount_max_usd: '5', amount_max_percent: 5 }, /give one of them/],
    [{ amount_max_usd: 5 }, /amount_max_usd is 5.*decimal string/],
    [{ amount_max_usd: '0' }, /above zero/],
    [{ amount_max_percent: 0.5 }, /amount_max_percent is 0.5/],
    [{ windows_s: [0] }, /windows_s/],
    [{ windows_s: [] }, /windows_s/],
    [{ second_person: 'yes' }, /second_person is "yes"/],
    [{ request_expires_s: 10 }, /request_expires_s is 10/],
  ])('%j is refused, and says what was expected', (value, problem) => {
    expect(problemsOf(value)).toMatch(problem)
  })

  it('parses or says what is wrong, whatever it is given', () => {
    const names = ['approvers', 'amount_max_usd', 'amount_max_percent', 'windows_s', 'second_person', 'x']
    const anything = fc.oneof(fc.jsonValue(), fc.dictionary(fc.constantFrom(...names), fc.jsonValue()))
    fc.assert(
      fc.property(anything, (value) => {
        expect(problemsOf(value)).not.toBe('')
      }),
    )
  })
})

describe('the terms of a policy', () => {
  it('bound an override by a percent of the limit, never above the exact share', () => {
    fc.assert(
      fc.property(
        fc.bigInt({ min: 1n, max: 10n ** 15n }),
        fc.integer({ min: 1, max: 1000 }),
        (limit, percent) => {
          const share = percentOfLimit(percent, nanoUsd(limit))
          expect(share * 100n <= limit * BigInt(percent)).toBe(true)
          expect((share + 1n) * 100n > limit * BigInt(percent)).toBe(true)
        },
      ),
    )
    const policy = {
      ...policyOfOrganisation(DEFAULT_OVERRIDE_POLICY),
      amountMax: { kind: 'percent', percent: 20 } as const,
    }
    expect(termsAt(policy, usd('50')).amountMax).toBe(usd('10'))
  })

  it('let approve whom they say', () => {
    const [admin, member] = [
      { id: 'U1', isAdmin: true },
      { id: 'U2', isAdmin: false },
    ]
    const may = (lifters: BudgetOverridePolicy['lifters']) =>
      [admin, member].map((who) => mayApprove({ lifters }, who))
    expect([may('admins'), may('members'), may(['U2']), may(['U1'])]).toEqual([
      [true, false],
      [true, true],
      [false, true],
      [true, false],
    ])
  })
})
