/** How our charts look: one typeface, quiet lines, colours that people with any colour vision can tell apart. */
import { FONT } from './fonts.ts'

/**
 * After Okabe and Ito (2008), without the yellow, which is too faint on white; ordered so that neighbours in a stack
 * differ in lightness too. The last is for 'other'.
 */
export const SERIES_COLOURS = ['#0072B2', '#E69F00', '#009E73', '#CC79A7', '#56B4E9', '#D55E00'] as const
export const OTHER_COLOUR = '#9AA0A6'

export const INK = '#1D1C1D'
export const QUIET = '#616061'
const GRID = '#E8E8E8'

/** Pixels of the drawing; the picture is twice as wide, for sharp screens. */
export const CHART_WIDTH = 720
export const CHART_HEIGHT = 420
export const PIXEL_RATIO = 2

export const themeConfig = {
  font: FONT,
  background: '#FFFFFF',
  view: { stroke: null },
  axis: {
    labelFont: FONT,
    labelFontSize: 13,
    labelColor: QUIET,
    gridColor: GRID,
    domainColor: GRID,
    tickColor: GRID,
    labelPadding: 6,
    title: null,
  },
} as const
