/** How our charts look: one typeface, quiet lines, colours that people with any colour vision can tell apart. */
import { FONT } from './fonts.ts'

/**
 * Found by search, starting from colours that look well together: each stands out from white by 3 to 1, and every two
 * from each other, also without red or green cones (`theme.test.ts`). The last is for 'other'.
 */
export const SERIES_COLOURS = ['#0256E3', '#C7880E', '#316B77', '#B95557', '#163277', '#2E9BE8'] as const
export const OTHER_COLOUR = '#8E9196'

export const INK = '#1D1C1D'
export const QUIET = '#5A595B'
export const GRID = '#E6E6E6'
/** Limits and what is past them. */
export const ALARM = '#B3261E'
export const CALM = '#0256E3'
/** Less than before. */
export const EASED = '#0A6F5C'

/** Pixels of the drawing; the picture has more, for sharp screens. Slack's preview shows it at three quarters. */
export const CHART_WIDTH = 480
export const CHART_HEIGHT = 360
export const PIXEL_RATIO = 3

export const TITLE_SIZE = 17
export const LABEL_SIZE = 13

export const themeConfig = {
  font: FONT,
  background: '#FFFFFF',
  view: { stroke: null },
} as const

export const seriesColour = (index: number, isOther: boolean): string =>
  isOther ? OTHER_COLOUR : (SERIES_COLOURS[index] ?? OTHER_COLOUR)
