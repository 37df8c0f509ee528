import { describe, expect, it } from 'vitest'
import { buildGuard, type OnUnreachable, STALE_AFTER_MS } from './guard.ts'

function aGuard(onUnreachable: OnUnreachable) {
  let atMs = 0
  const guard = buildGuard({ onUnreachable, nowMs: () => atMs })
  return { guard, pass: (ms: number) => (atMs += ms) }
}

describe('a client', () => {
  it('obeys the verdict it heard last', () => {
    const { guard } = aGuard('deny')
    guard.hear({ allowed: true })
    expect(guard.refusal()).toBeNull()
    guard.hear({ allowed: false })
    expect(guard.refusal()).toBe('budget')
    guard.hear({ allowed: true })
    expect(guard.refusal()).toBeNull()
  })

  it('takes a server that was silent for longer than the bound as unreachable, and each sign of life counts', () => {
    for (const onUnreachable of ['allow', 'deny'] as const) {
      const { guard, pass } = aGuard(onUnreachable)
      guard.hear({ allowed: true })
      pass(STALE_AFTER_MS)
      expect(guard.refusal()).toBeNull()
      guard.hearAlive()
      pass(STALE_AFTER_MS)
      expect(guard.refusal()).toBeNull()
      pass(1)
      expect(guard.refusal()).toBe(onUnreachable === 'deny' ? 'unreachable' : null)
    }
  })

  it('keeps to a stop however old it is', () => {
    const { guard, pass } = aGuard('allow')
    guard.hear({ allowed: false })
    pass(STALE_AFTER_MS * 10)
    expect(guard.refusal()).toBe('budget')
  })
})
