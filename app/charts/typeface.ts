/**
 * What our typeface can write and how wide that is, read from the font files themselves: a name is cut to the room
 * that it has, and a letter that the face lacks is known before it is drawn as an empty box.
 */
import { readFileSync } from 'node:fs'
import { faceFiles } from './fonts.ts'

export type Weight = 400 | 600

interface Face {
  readonly unitsPerEm: number
  glyphOf(codePoint: number): number
  advanceOf(glyph: number): number
}

/** Kerning is left out, so that a text is rarely wider than this, and a little narrower mostly. */
export function textWidth(text: string, fontSize: number, weight: Weight = 400): number {
  const face = faceOf(weight)
  let units = 0
  for (const letter of text) units += face.advanceOf(face.glyphOf(letter.codePointAt(0) ?? 0))
  return (units * fontSize) / face.unitsPerEm
}

/** Whether both weights have the letter: a title and a label say the same name. */
export const canWrite = (letter: string): boolean => {
  const codePoint = letter.codePointAt(0) ?? 0
  return faceOf(400).glyphOf(codePoint) !== 0 && faceOf(600).glyphOf(codePoint) !== 0
}

const faces = new Map<Weight, Face>()

/** Read once a process: 340 KB a weight. */
function faceOf(weight: Weight): Face {
  const known = faces.get(weight)
  if (known) return known
  const face = readFace(readFileSync(faceFiles()[weight]))
  faces.set(weight, face)
  return face
}

/** The tables of TrueType that say this: `head`, `hhea`, `hmtx` and `cmap`. */
function readFace(font: Buffer): Face {
  const tables = new Map<string, number>()
  for (let index = 0; index < font.readUInt16BE(4); index += 1) {
    const at = 12 + index * 16
    tables.set(font.toString('latin1', at, at + 4), font.readUInt32BE(at + 8))
  }
  const table = (name: string): number => {
    const at = tables.get(name)
    if (at === undefined) throw new Error(`the font of the charts has no ${name} table`)
    return at
  }
  const hmtx = table('hmtx')
  const lastMetric = font.readUInt16BE(table('hhea') + 34) - 1
  return {
    unitsPerEm: font.readUInt16BE(table('head') + 18),
    glyphOf: glyphsOf(font, table('cmap')),
    advanceOf: (glyph) => font.readUInt16BE(hmtx + Math.min(glyph, lastMetric) * 4),
  }
}

interface Segment {
  readonly first: number
  readonly last: number
  readonly glyphAt: (codePoint: number) => number
}

/** 0, the glyph of what is missing, for any other letter. */
function glyphsOf(font: Buffer, cmap: number): (codePoint: number) => number {
  const segments = segmentsOf(font, cmap)
  const known = new Map<number, number>()
  return (codePoint) => {
    const seen = known.get(codePoint)
    if (seen !== undefined) return seen
    const segment = segments.find(({ first, last }) => first <= codePoint && codePoint <= last)
    const glyph = segment?.glyphAt(codePoint) ?? 0
    // What customers can name things with is more than is worth remembering.
    if (known.size < 4096) known.set(codePoint, glyph)
    return glyph
  }
}

/** Format 12 knows every letter of Unicode, format 4 those of its first plane. */
function segmentsOf(font: Buffer, cmap: number): Segment[] {
  const starts = Array.from(
    { length: font.readUInt16BE(cmap + 2) },
    (_, index) => cmap + font.readUInt32BE(cmap + 4 + index * 8 + 4),
  )
  const full = starts.find((at) => font.readUInt16BE(at) === 12)
  if (full !== undefined) return fullSegments(font, full)
  const basic = starts.find((at) => font.readUInt16BE(at) === 4)
  if (basic !== undefined) return basicSegments(font, basic)
  throw new Error('the font of the charts has no table of letters that is understood')
}

const fullSegments = (font: Buffer, at: number): Segment[] =>
  Array.from({ length: font.readUInt32BE(at + 12) }, (_, index) => {
    const group = at + 16 + index * 12
    const [first, last] = [font.readUInt32BE(group), font.readUInt32BE(group + 4)]
    const glyph = font.readUInt32BE(group + 8)
    return { first, last, glyphAt: (codePoint) => glyph + codePoint - first }
  })

function basicSegments(font: Buffer, at: number): Segment[] {
  const twice = font.readUInt16BE(at + 6)
  return Array.from({ length: twice / 2 }, (_, index) => {
    const end = at + 14 + index * 2
    const first = font.readUInt16BE(end + 2 + twice)
    const delta = font.readUInt16BE(end + 2 + twice * 2)
    const rangeAt = end + 2 + twice * 3
    const range = font.readUInt16BE(rangeAt)
    const glyphAt = (codePoint: number): number => {
      if (range === 0) return (codePoint + delta) & 0xffff
      const glyph = font.readUInt16BE(rangeAt + range + (codePoint - first) * 2)
      return glyph === 0 ? 0 : (glyph + delta) & 0xffff
    }
    return { first, last: font.readUInt16BE(end), glyphAt }
  })
}
