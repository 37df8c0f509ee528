/**
 * The typeface of the charts, from our own packages: text renders alike on every machine, one without fonts included.
 * Invariant: fontconfig reads its settings once a process, so this runs before the first picture.
 */
import { mkdirSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import path from 'node:path'

export const FONT = 'Inter'
const FACES = ['400Regular', '600SemiBold']

/** Writes a fontconfig file that knows only our fonts, and names it in `env`, which must be the process's own. */
export function installBundledFonts(env: Record<string, string | undefined>): void {
  const root = fontRoot()
  const dir = path.join(tmpdir(), `lensai-fonts-${process.getuid?.() ?? 0}`)
  mkdirSync(dir, { recursive: true, mode: 0o700 })
  const file = path.join(dir, 'fonts.conf')
  writeFileSync(file, fontsConf(root, dir))
  env.FONTCONFIG_FILE = file
}

/** The files of the two weights that charts are written in. */
export const faceFiles = (): { readonly 400: string; readonly 600: string } => ({
  400: path.join(fontRoot(), '400Regular', 'Inter_400Regular.ttf'),
  600: path.join(fontRoot(), '600SemiBold', 'Inter_600SemiBold.ttf'),
})

const fontRoot = (): string =>
  path.dirname(createRequire(import.meta.url).resolve('@expo-google-fonts/inter/package.json'))

function fontsConf(root: string, dir: string): string {
  const dirs = FACES.map((face) => `  <dir>${escapeXml(path.join(root, face))}</dir>`)
  return `<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
${dirs.join('\n')}
  <cachedir>${escapeXml(path.join(dir, 'cache'))}</cachedir>
</fontconfig>
`
}

const escapeXml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
