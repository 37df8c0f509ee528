/** What moved most between two spans: exact differences, the largest first, up or down. */
import { type NanoUsd, subtractUsd, zeroUsd } from '../money.ts'

export interface Line {
  readonly name: string
  readonly cost: NanoUsd
  /** The rest of a list that was cut. */
  readonly isOther: boolean
}

export interface Mover {
  readonly name: string
  readonly now: NanoUsd
  readonly before: NanoUsd
  readonly delta: NanoUsd
}

/** A name that only one list has is left out where the other was cut: what it cost there is not known. */
export function moversOf(now: readonly Line[], before: readonly Line[], linesMax: number): Mover[] {
  const costs = [now, before].map((lines) => ({
    byName: new Map(lines.filter(({ isOther }) => !isOther).map(({ name, cost }) => [name, cost])),
    isCut: lines.some(({ isOther }) => isOther),
  }))
  const names = new Set(costs.flatMap(({ byName }) => [...byName.keys()]))
  return [...names]
    .filter((name) => costs.every(({ byName, isCut }) => byName.has(name) || !isCut))
    .map((name): Mover => {
      const [a = zeroUsd, b = zeroUsd] = costs.map(({ byName }) => byName.get(name) ?? zeroUsd)
      return { name, now: a, before: b, delta: subtractUsd(a, b) }
    })
    .filter(({ delta }) => delta !== 0n)
    .sort((a, b) => compare(size(b.delta), size(a.delta)) || a.name.localeCompare(b.name))
    .slice(0, linesMax)
}

const size = (delta: NanoUsd): bigint => (delta < 0n ? -delta : delta)
const compare = (a: bigint, b: bigint): number => (a < b ? -1 : a > b ? 1 : 0)
