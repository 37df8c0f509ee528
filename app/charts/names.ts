/**
 * Names as a picture can write them. A letter that the typeface lacks (Chinese, emoji) would be an empty box, so it is
 * left out as `…`, and a chart says so beneath; the text beside the picture has every name in full.
 */
import { canWrite, textWidth, type Weight } from './typeface.ts'

export interface DrawnName {
  readonly text: string
  /** True when letters were left out that the typeface lacks. */
  readonly lacks: boolean
}

/** `none given` for no name. Two names never look alike by this: the later ones get a number. */
export function drawnNames(names: readonly (string | null)[]): DrawnName[] {
  const seen = new Map<string, number>()
  return names.map((name) => {
    const { text, lacks } = drawn(name)
    const times = (seen.get(text) ?? 0) + 1
    seen.set(text, times)
    return { text: times === 1 ? text : `${text} (${times})`, lacks }
  })
}

/** A drawing is XML, which has no way to hold control characters or halves of surrogate pairs. */
export const withoutControls = (name: string | null): string =>
  name === null || name.trim() === '' ? 'none given' : name.replaceAll(/\p{C}/gu, '?')

function drawn(name: string | null): DrawnName {
  // Joiners and variation selectors draw nothing by themselves.
  const plain = withoutControls(name?.replaceAll(/\p{Default_Ignorable_Code_Point}/gu, '') ?? null)
  let lacks = false
  const letters = Array.from(plain, (letter) => {
    if (canWrite(letter)) return letter
    // Wide forms of plain letters, such as `ＧＰＴ`.
    const same = letter.normalize('NFKC')
    if (same !== letter && [...same].every(canWrite)) return same
    lacks = true
    return '…'
  })
  return { text: letters.join('').replaceAll(/…(?:\s*…)+/g, '…'), lacks }
}

export interface Room {
  readonly widthPx: number
  readonly fontSize: number
  readonly weight?: Weight
  /** Names of models differ at their end, so the middle goes first; sentences lose their end. */
  readonly cut?: 'middle' | 'end'
}

/** The text, or as much of it as fits with a `…` where it was cut. */
export function fitted(text: string, { widthPx, fontSize, weight = 400, cut = 'middle' }: Room): string {
  // Whatever its length, no more can be seen.
  const letters = [...text]
  const known = letters.length > 400 ? [...letters.slice(0, 200), ...letters.slice(-200)] : letters
  const fits = (candidate: string): boolean => textWidth(candidate, fontSize, weight) <= widthPx
  if (known.length === letters.length && fits(text)) return text
  for (let kept = known.length - 1; kept > 0; kept -= 1) {
    const head = cut === 'end' ? kept : Math.ceil(kept * 0.6)
    const tail = kept - head
    const candidate = `${known.slice(0, head).join('').trimEnd()}…${tail > 0 ? known.slice(-tail).join('').trimStart() : ''}`
    if (fits(candidate)) return candidate
  }
  return '…'
}

export interface Roomed {
  readonly text: string
  readonly room: Room
}

/** Each in its room, and no two alike: of names that differ only where they were cut, the part that differs is shown. */
export function fittedApart(texts: readonly Roomed[]): string[] {
  const plain = texts.map(({ text, room }) => fitted(text, room))
  const alike = (one: string): boolean => plain.filter((other) => other === one).length > 1
  const apart = texts.map(({ text, room }, index) => {
    const cut = plain[index] ?? ''
    if (!alike(cut)) return cut
    const same = texts.filter((_, other) => plain[other] === cut).map((one) => one.text)
    return fitted(`…${text.slice(sharedStart(same))}`, { ...room, cut: 'end' })
  })
  return apart.map((text, index) => {
    const earlier = apart.slice(0, index).filter((other) => other === text).length
    const room = texts[index]?.room
    if (earlier === 0 || room === undefined) return text
    const number = ` (${earlier + 1})`
    const widthPx = room.widthPx - textWidth(number, room.fontSize, room.weight)
    return `${fitted(text, { ...room, widthPx, cut: 'end' })}${number}`
  })
}

/** How many letters all begin with, back to where a word begins. */
function sharedStart(texts: readonly string[]): number {
  const [first = ''] = texts
  let length = 0
  while (length < first.length && texts.every((text) => text[length] === first[length])) length += 1
  const word = /[A-Za-z0-9]*$/.exec(first.slice(0, length))?.[0].length ?? 0
  return length - word
}
