/** The page that shows the gallery; it says what a reader who cannot see the pictures would hear. */
import type { GalleryEntry } from './entry.ts'

/** Slack's preview in a channel. */
const PREVIEW_WIDTH = 360

export function galleryPage(entries: readonly GalleryEntry[]): string {
  const groups = [...new Set(entries.map(({ group }) => group))]
  return `# The charts

Made by \`npm run gallery\` from made-up data; a test compares this page with what the script makes. The pictures are shown ${PREVIEW_WIDTH} pixels
wide, as Slack previews them; open one to see it in full. Beneath each is its alt text.

${groups.map((group) => section(group, entries)).join('\n')}`
}

const section = (group: string, entries: readonly GalleryEntry[]): string =>
  `## ${group}\n\n${entries
    .filter((entry) => entry.group === group)
    .map(
      ({ name, what, chart }) =>
        `**${what}**\n\n<img src="gallery/${name}.png" width="${PREVIEW_WIDTH}" alt="${escapeHtml(chart.finding)}">\n\n> ${escapeHtml(chart.altText)}\n`,
    )
    .join('\n')}`

const escapeHtml = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;')
