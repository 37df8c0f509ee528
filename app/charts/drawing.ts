/**
 * What our charts are made of, in pixels from the upper left, and the Vega-Lite that draws it. The places are ours
 * because labels must not meet, which Vega can only guess without a canvas to measure text on.
 */
import type { TopLevelSpec } from 'vega-lite'
import { themeConfig } from './theme.ts'
import type { Weight } from './typeface.ts'

export type Shape =
  | {
      readonly kind: 'rect'
      readonly x: number
      readonly y: number
      readonly width: number
      readonly height: number
      readonly fill: string
      readonly opacity?: number
    }
  | {
      readonly kind: 'line'
      readonly points: readonly Point[]
      readonly stroke: string
      readonly widthPx: number
      readonly dash?: readonly number[]
    }
  | {
      readonly kind: 'area'
      readonly points: readonly (Point & { readonly y2: number })[]
      readonly fill: string
      readonly opacity: number
    }
  | {
      readonly kind: 'dot'
      readonly x: number
      readonly y: number
      readonly radius: number
      readonly fill: string
    }
  | TextShape

export interface Point {
  readonly x: number
  readonly y: number
}

export interface TextShape extends Point {
  readonly kind: 'text'
  readonly text: string
  readonly fontSize: number
  readonly fill: string
  readonly weight?: Weight
  readonly align?: 'left' | 'center' | 'right'
}

export interface Drawing {
  readonly width: number
  readonly height: number
  /** Those that come later lie on top. */
  readonly shapes: readonly Shape[]
}

/** Figures are looked up as they are: a pixel is a pixel, a colour a colour. */
const as = (field: string) => ({ field, type: 'quantitative' as const, scale: null, axis: null })
const coloured = { field: 'fill', type: 'nominal' as const, scale: null, legend: null }

export function specOf({ width, height, shapes }: Drawing): TopLevelSpec {
  return {
    width,
    height,
    padding: 0,
    autosize: { type: 'none' },
    config: themeConfig,
    layer: runsOf(shapes).map(layerOf),
  }
}

type Rect = Extract<Shape, { kind: 'rect' }>
type Run = Exclude<Shape, Rect> | { readonly kind: 'rects'; readonly opacity: number; readonly rects: Rect[] }

/** Rectangles that follow each other are one layer: hundreds of layers take seconds. */
function runsOf(shapes: readonly Shape[]): Run[] {
  const runs: Run[] = []
  for (const shape of shapes) {
    const last = runs.at(-1)
    if (shape.kind !== 'rect') runs.push(shape)
    else if (last?.kind === 'rects' && last.opacity === (shape.opacity ?? 1)) last.rects.push(shape)
    else runs.push({ kind: 'rects', opacity: shape.opacity ?? 1, rects: [shape] })
  }
  return runs
}

function layerOf(shape: Run) {
  switch (shape.kind) {
    case 'rects': {
      const values = shape.rects.map(({ x, y, width, height, fill }) => ({
        ...{ x: px(x), x2: px(x + width), y: px(y), y2: px(y + height), fill },
      }))
      return {
        data: { values },
        mark: { type: 'rect' as const, opacity: shape.opacity, strokeWidth: 0 },
        encoding: { x: as('x'), x2: { field: 'x2' }, y: as('y'), y2: { field: 'y2' }, fill: coloured },
      }
    }
    case 'line':
      return {
        data: { values: shape.points.map(({ x, y }, order) => ({ x: px(x), y: px(y), order })) },
        mark: {
          type: 'line' as const,
          stroke: shape.stroke,
          strokeWidth: shape.widthPx,
          strokeJoin: 'round' as const,
          ...(shape.dash ? { strokeDash: [...shape.dash] } : {}),
        },
        encoding: { x: as('x'), y: as('y'), order: { field: 'order', type: 'quantitative' as const } },
      }
    case 'area':
      return {
        data: { values: shape.points.map(({ x, y, y2 }) => ({ x: px(x), y: px(y), y2: px(y2) })) },
        mark: { type: 'area' as const, color: shape.fill, fillOpacity: shape.opacity, line: false },
        encoding: { x: as('x'), y: { ...as('y'), stack: null }, y2: { field: 'y2' } },
      }
    case 'dot':
      return {
        data: { values: [{ x: px(shape.x), y: px(shape.y) }] },
        mark: {
          type: 'circle' as const,
          size: Math.PI * shape.radius ** 2,
          color: shape.fill,
          opacity: 1,
        },
        encoding: { x: as('x'), y: as('y') },
      }
    default:
      return {
        // Among the data: in the mark it is read as lines or an expression, and `valueOf` as a part of Vega itself.
        // An array of one, as one line.
        data: { values: [{ x: px(shape.x), y: px(shape.y), words: [shape.text] }] },
        mark: {
          type: 'text' as const,
          fontSize: shape.fontSize,
          fontWeight: shape.weight ?? (400 as const),
          color: shape.fill,
          align: shape.align ?? ('left' as const),
          baseline: 'middle' as const,
        },
        encoding: { x: as('x'), y: as('y'), text: { field: 'words', type: 'nominal' as const } },
      }
  }
}

/** Hundredths of a pixel are finer than any screen, and keep the drawing small. */
const px = (value: number): number => Math.round(value * 100) / 100
