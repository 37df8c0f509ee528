import { describe, expect, it } from 'vitest'
import { startingState } from '../slack/workspace.ts'
import { renderKnownBlock } from './words.tsx'

const shown = (text: string): string =>
  startingState()
    .workspaces.map((workspace) =>
      renderKnownBlock({ type: 'section', text: { type: 'mrkdwn', text } }, workspace),
    )
    .join()
    .replace(/<[^>]+>/g, '')
    .replace(/ +/g, ' ')

const seen = (text: string): string => shown(text).replaceAll('\u200b', '')

describe('mrkdwn on the page', () => {
  it('mentions who is mentioned', () =>
    expect(seen('<!channel> see <https://example.com|this>')).toBe('@channel see this'))

  it.each(['!channel', '!here', '@U0ALEX', '#C0GENERAL', 'https://example.com|this'])(
    'shows an escaped %s as it was typed, as Slack does',
    (typed) => expect(seen(`&lt;${typed}&gt; now`)).toBe(`&lt;${typed}&gt; now`),
  )

  it('adds nothing to lines of code, which people copy', () =>
    expect(shown('```cat &lt;&lt;EVENT```')).toContain('cat &lt;&lt;EVENT'))
})
