/**
 * What made spend rise and fall between two times.
 * Invariant: pure; the movers and the rest together are all that was spent, in either time.
 */
import { type NanoUsd, subtractUsd, sumUsd, zeroUsd } from '../../core/money.ts'

export interface Named {
  readonly name: string
  readonly cost: NanoUsd
}

export interface Mover {
  readonly name: string
  readonly now: NanoUsd
  readonly before: NanoUsd
}

export interface Movers {
  /** The one that rose most comes first. */
  readonly up: readonly Mover[]
  /** The one that fell most comes first. */
  readonly down: readonly Mover[]
  readonly rest: Omit<Mover, 'name'> & { readonly count: number }
}

export const changeOf = ({ now, before }: Pick<Mover, 'now' | 'before'>): NanoUsd => subtractUsd(now, before)

export function moversOf(now: readonly Named[], before: readonly Named[], eachMax: number): Movers {
  const [spentNow, spentBefore] = [byName(now), byName(before)]
  const movers = [...new Set([...spentNow.keys(), ...spentBefore.keys()])]
    .map((name) => ({
      ...{ name, now: spentNow.get(name) ?? zeroUsd, before: spentBefore.get(name) ?? zeroUsd },
    }))
    .sort((a, b) => compare(changeOf(b), changeOf(a)) || a.name.localeCompare(b.name))
  const up = movers.filter((one) => changeOf(one) > zeroUsd).slice(0, eachMax)
  const down = movers
    .filter((one) => changeOf(one) < zeroUsd)
    .reverse()
    .slice(0, eachMax)
  const shown = new Set([...up, ...down])
  const rest = movers.filter((one) => !shown.has(one))
  return {
    up,
    down,
    rest: {
      count: rest.length,
      now: sumUsd(rest.map((one) => one.now)),
      before: sumUsd(rest.map((one) => one.before)),
    },
  }
}

function byName(lines: readonly Named[]): Map<string, NanoUsd> {
  const sums = new Map<string, NanoUsd>()
  for (const { name, cost } of lines) sums.set(name, sumUsd([sums.get(name) ?? zeroUsd, cost]))
  return sums
}

const compare = (a: NanoUsd, b: NanoUsd): number => (a < b ? -1 : a > b ? 1 : 0)
