/**
 * The chart block, `data_visualization`.
 * Slack's reference says at most 6 segments or series; every series holds one point for every category.
 */
import { limit } from './limits.ts'
import {
  anything,
  array,
  both,
  byType,
  type Check,
  type Inspection,
  isObject,
  number,
  object,
  report,
  rule,
  string,
} from './validate-shape.ts'
import { blockId } from './validate-text.ts'

const type: Check = anything
const label = string(limit('chart.label'))

const positive: Check = (value, pointer, inspection) => {
  number()(value, pointer, inspection)
  if (typeof value === 'number' && value <= 0) report(inspection, 'must be greater than 0', pointer)
}

const pie = object({
  required: {
    type,
    segments: array(object({ required: { label, value: positive } }), limit('chart.segments')),
  },
})

const series = object({
  required: {
    name: string(limit('chart.series_name')),
    data: array(object({ required: { label, value: number() } }), limit('chart.points')),
  },
})

const axisConfig = object({
  required: { categories: array(string(limit('chart.category')), limit('chart.categories')) },
  optional: { x_label: string(limit('chart.x_label')), y_label: string(limit('chart.y_label')) },
})

const cartesian = both(
  object({ required: { type, series: array(series, limit('chart.series')), axis_config: axisConfig } }),
  rule(everySeriesEveryCategory),
)

function everySeriesEveryCategory(
  chart: Record<string, unknown>,
  pointer: string,
  inspection: Inspection,
): void {
  const { series: all, axis_config: axis } = chart
  if (!Array.isArray(all) || !isObject(axis) || !Array.isArray(axis.categories)) return
  const expected = [...axis.categories].sort().join('\n')
  const names = new Set<unknown>()
  for (const [index, one] of all.entries()) {
    if (!isObject(one)) continue
    if (names.has(one.name))
      report(inspection, 'series names must be unique', `${pointer}/series/${index}/name`)
    names.add(one.name)
    const labels = Array.isArray(one.data)
      ? one.data.map((point) => (isObject(point) ? point.label : point))
      : []
    if ([...labels].sort().join('\n') !== expected)
      report(inspection, 'data labels must match axis_config categories', `${pointer}/series/${index}/data`)
  }
}

export const chartBlock = object({
  required: {
    type,
    title: string(limit('chart.title')),
    chart: byType({ pie, bar: cartesian, line: cartesian, area: cartesian }),
  },
  optional: { block_id: blockId },
})
