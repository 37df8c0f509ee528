/** Lines over time whose gaps stay gaps, and labels at their ends that keep apart. */
import type { Point, Shape } from './drawing.ts'
import { label } from './frame.ts'

/** A point alone between gaps is a dot. */
export function linesOf(points: readonly (Point | null)[], stroke: string, widthPx = 2): Shape[] {
  const runs: Point[][] = [[]]
  for (const point of points) {
    if (point === null) runs.push([])
    else runs.at(-1)?.push(point)
  }
  return runs.flatMap((run): Shape[] => {
    const [first] = run
    if (first === undefined) return []
    if (run.length === 1) return [{ kind: 'dot', ...first, radius: 3.5, fill: stroke }]
    return [{ kind: 'line', points: run, stroke, widthPx }]
  })
}

export interface EndLabel {
  readonly text: string
  readonly y: number
  readonly fill: string
}

const LINE = 17

/** At `x`, each as near to its line's end as the others let it, in the order of the ends. */
export function endLabels(
  labels: readonly EndLabel[],
  x: number,
  { top, bottom }: { top: number; bottom: number },
): Shape[] {
  const sorted = [...labels].sort((a, b) => a.y - b.y)
  const places = sorted.map(({ y }) => y)
  for (let index = 1; index < places.length; index += 1) {
    places[index] = Math.max(places[index] ?? 0, (places[index - 1] ?? 0) + LINE)
  }
  let floor = bottom
  for (let index = places.length - 1; index >= 0; index -= 1) {
    places[index] = Math.max(top, Math.min(places[index] ?? 0, floor))
    floor = (places[index] ?? 0) - LINE
  }
  return sorted.map(({ text, fill }, index) => label(text, x, places[index] ?? 0, { fill, weight: 600 }))
}
