import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseLens } from './parse-lens.ts'
import { readReach } from './read-reach.ts'

const projects = ['support-bot', 'support', 'Search Team', 'all'].map((name) => ({
  ...{ id: `prj_${name}`, orgId: 'org_1', name },
}))
const reach = (text: string) => readReach('stop', text, projects)

describe('what is stopped by /lens stop', () => {
  it('is the project that is named, in any case, quoted or not, and the words after it are why', () => {
    const named = (id: string, reason: string) =>
      expect.objectContaining({ kind: 'project', project: expect.objectContaining({ id }), reason })
    expect(reach('support-bot')).toEqual(named('prj_support-bot', ''))
    expect(reach('Support-Bot: The key LEAKED')).toEqual(named('prj_support-bot', 'The key LEAKED'))
    expect(reach('support loops')).toEqual(named('prj_support', 'loops'))
    expect(reach('search team — runs away')).toEqual(named('prj_Search Team', 'runs away'))
    expect(reach('“Search Team” runs away')).toEqual(named('prj_Search Team', 'runs away'))
    expect(reach('all of it')).toEqual(named('prj_all', 'of it'))
  })

  it('is everything only where that is said', () => {
    expect(reach('everything, an incident')).toEqual({ kind: 'everything', reason: 'an incident' })
    expect(reach('')).toEqual({ kind: 'unsaid' })
    expect(readReach('stop', 'all', [])).toEqual({ kind: 'everything', reason: '' })
  })

  it('is nothing where a name is wrong, and the nearest is offered', () => {
    expect(reach('suport-bot it loops')).toMatchObject({
      kind: 'unknown',
      said: expect.stringContaining('`support-bot`'),
      suggestion: '/lens stop support-bot it loops',
    })
    expect(reach('evrything')).toMatchObject({ suggestion: '/lens stop everything' })
    expect(reach('supported')).toMatchObject({ kind: 'unknown' })
    expect(reach('support-botany')).toMatchObject({ kind: 'unknown' })
  })

  it('is answered whatever is typed, and never widens to everything by itself', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 200 }), (text) => {
        const { kind } = reach(text)
        if (kind === 'everything') expect(text.toLowerCase()).toMatch(/everything|organi[sz]ation|org/)
      }),
    )
  })

  it('comes with the words as they were typed', () => {
    expect(parseLens('  STOP Search Team  The Key')).toEqual({ kind: 'stop', rest: 'Search Team  The Key' })
    expect(parseLens('resume')).toEqual({ kind: 'resume', rest: '' })
    expect(parseLens('budgets')).toEqual({ kind: 'budgets' })
  })
})
