/** One chart of the gallery, by the name of its file. */
import type { Chart } from '../../app/charts/chart.ts'

export interface GalleryEntry {
  /** Of the file, and unique. */
  readonly name: string
  readonly group: string
  readonly what: string
  readonly chart: Chart
}
