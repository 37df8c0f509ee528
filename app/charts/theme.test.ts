import { describe, expect, it } from 'vitest'
import { ALARM, EASED, INK, OTHER_COLOUR, QUIET, SERIES_COLOURS } from './theme.ts'

type Three = readonly [number, number, number]

/** The eye's cones as Machado, Oliveira and Fernandes (2009) simulate them at full severity, in linear RGB. */
const EYES: Readonly<Record<string, readonly Three[]>> = {
  'all cones': [
    [1, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
  ],
  'no green cones': [
    [0.367322, 0.860646, -0.227968],
    [0.280085, 0.672501, 0.047413],
    [-0.01182, 0.04294, 0.968881],
  ],
  'no red cones': [
    [0.152286, 1.052583, -0.204868],
    [0.114503, 0.786281, 0.099216],
    [-0.003882, -0.048116, 1.051998],
  ],
}

const linear = (hex: string): Three => {
  const part = (at: number): number => {
    const value = Number.parseInt(hex.slice(at, at + 2), 16) / 255
    return value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4
  }
  return [part(1), part(3), part(5)]
}
const dot = (a: Three, b: Three): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2]

const luminance = (hex: string): number => dot(linear(hex), [0.2126, 0.7152, 0.0722])
const contrastToWhite = (hex: string): number => 1.05 / (luminance(hex) + 0.05)

/** OKLab, whose distances are near to what people see; 0.02 is just noticeable. */
function lab(hex: string, eye: readonly Three[]): Three {
  const plain = linear(hex)
  const seen = eye.map((row) => Math.min(1, Math.max(0, dot(row, plain))))
  const rgb: Three = [seen[0] ?? 0, seen[1] ?? 0, seen[2] ?? 0]
  const l = Math.cbrt(dot(rgb, [0.4122214708, 0.5363325363, 0.0514459929]))
  const m = Math.cbrt(dot(rgb, [0.2119034982, 0.6806995451, 0.1073969566]))
  const s = Math.cbrt(dot(rgb, [0.0883024619, 0.2817188376, 0.6299787005]))
  return [
    dot([l, m, s], [0.2104542553, 0.793617785, -0.0040720468]),
    dot([l, m, s], [1.9779984951, -2.428592205, 0.4505937099]),
    dot([l, m, s], [0.0259040371, 0.7827717662, -0.808675766]),
  ]
}

const apart = (a: string, b: string, eye: readonly Three[]): number => {
  const [one, other] = [lab(a, eye), lab(b, eye)]
  return Math.hypot(one[0] - other[0], one[1] - other[1], one[2] - other[2])
}

const COLOURS = [...SERIES_COLOURS, OTHER_COLOUR]
const PAIRS = COLOURS.flatMap((a, index) => COLOURS.slice(index + 1).map((b) => [a, b] as const))

describe('the colours of charts', () => {
  it('stand out from white by 3 to 1, and those of text by 4.5', () => {
    for (const colour of COLOURS) expect(contrastToWhite(colour), colour).toBeGreaterThanOrEqual(3)
    for (const colour of [INK, QUIET, ALARM, EASED])
      expect(contrastToWhite(colour), colour).toBeGreaterThanOrEqual(4.5)
  })

  it.each(Object.entries(EYES))('can be told apart in pairs with %s', (_, eye) => {
    for (const [a, b] of PAIRS) expect(apart(a, b, eye), `${a} and ${b}`).toBeGreaterThanOrEqual(0.05)
  })
})
