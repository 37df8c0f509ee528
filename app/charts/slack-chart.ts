/**
 * Slack's own chart block, `data_visualization`, which is in none of the SDK's types. It scales with the reader's
 * screen and theme; where its limits would falsify the data, there is none and the picture says it.
 */
export interface SlackChart {
  readonly type: 'data_visualization'
  readonly title: string
  readonly chart:
    | {
        readonly type: 'pie'
        readonly segments: readonly { readonly label: string; readonly value: number }[]
      }
    | {
        readonly type: 'bar' | 'line' | 'area'
        readonly series: readonly {
          readonly name: string
          readonly data: readonly { readonly label: string; readonly value: number }[]
        }[]
        readonly axis_config: {
          readonly categories: readonly string[]
          readonly x_label?: string
          readonly y_label?: string
        }
      }
}

const TITLE_CHARS_MAX = 50
const LABEL_CHARS_MAX = 20
const SERIES_MAX = 6
const CATEGORIES_MAX = 20
const AXIS_CHARS_MAX = 50

export interface Cartesian {
  readonly kind: 'bar' | 'line' | 'area'
  readonly title: string
  readonly categories: readonly string[]
  readonly series: readonly { readonly name: string; readonly values: readonly (number | null)[] }[]
  readonly xLabel?: string
  readonly yLabel?: string
}

/** Null where it does not fit: too many or equal names, a gap that Slack has no way to show, or nothing at all. */
export function cartesianChart(given: Cartesian): SlackChart | null {
  const { kind, title, categories, series, xLabel, yLabel } = given
  if (series.length === 0 || series.length > SERIES_MAX) return null
  if (categories.length === 0 || categories.length > CATEGORIES_MAX) return null
  const labels = labelsOf(categories)
  const names = labelsOf(series.map(({ name }) => name))
  if (labels === null || names === null) return null
  const drawn = series.map(({ values }, index) => ({
    name: names[index] ?? '',
    data: labels.map((label, at) => ({ label, value: values[at] ?? Number.NaN })),
  }))
  if (drawn.some(({ data }) => data.some(({ value }) => !Number.isFinite(value)))) return null
  return {
    type: 'data_visualization',
    title: clip(title, TITLE_CHARS_MAX),
    chart: {
      type: kind,
      series: drawn,
      axis_config: {
        categories: labels,
        ...(xLabel === undefined ? {} : { x_label: clip(xLabel, AXIS_CHARS_MAX) }),
        ...(yLabel === undefined ? {} : { y_label: clip(yLabel, AXIS_CHARS_MAX) }),
      },
    },
  }
}

/** Shares of a whole. Null where it does not fit, a part that is not above zero included. */
export function pieChart(
  title: string,
  parts: readonly { readonly name: string; readonly value: number }[],
): SlackChart | null {
  const names = labelsOf(parts.map(({ name }) => name))
  if (names === null || parts.length === 0 || parts.length > SERIES_MAX) return null
  if (parts.some(({ value }) => !Number.isFinite(value) || value <= 0)) return null
  const segments = parts.map(({ value }, index) => ({ label: names[index] ?? '', value }))
  return { type: 'data_visualization', title: clip(title, TITLE_CHARS_MAX), chart: { type: 'pie', segments } }
}

/** Cut in the middle, as names of models differ at the end; null when two would be the same. */
function labelsOf(names: readonly string[]): string[] | null {
  const labels = names.map((name) => clipMiddle(name.trim(), LABEL_CHARS_MAX))
  if (labels.some((label) => label === '') || new Set(labels).size !== labels.length) return null
  return labels
}

const clip = (text: string, charsMax: number): string =>
  text.length <= charsMax ? text : `${text.slice(0, charsMax - 1).replace(/[\uD800-\uDBFF]$/, '')}…`

function clipMiddle(text: string, charsMax: number): string {
  if (text.length <= charsMax) return text
  const head = text.slice(0, Math.ceil((charsMax - 1) * 0.6)).replace(/[\uD800-\uDBFF]$/, '')
  const tail = text.slice(-Math.floor((charsMax - 1) * 0.4)).replace(/^[\uDC00-\uDFFF]/, '')
  return `${head}…${tail}`
}
