/** The few words that a browser shows around an installation. No script, nothing from elsewhere. */
export interface Page {
  readonly title: string
  readonly text: string
  readonly link: { readonly href: string; readonly text: string } | null
}

export function renderPage({ title, text, link }: Page): string {
  const way = link ? `<p><a href="${escaped(link.href)}">${escaped(link.text)}</a></p>` : ''
  return `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escaped(title)} · LensAI</title>
<style>body{font:17px/1.5 system-ui,sans-serif;max-width:34rem;margin:15vh auto;padding:0 1.5rem;color:#1d1c1d}
a{display:inline-block;padding:.6rem 1.1rem;border-radius:.4rem;background:#4a154b;color:#fff;text-decoration:none}</style>
</head><body><main><h1>${escaped(title)}</h1><p>${escaped(text)}</p>${way}</main></body></html>
`
}

const escaped = (text: string): string => text.replace(/[&<>"']/g, (letter) => `&#${letter.charCodeAt(0)};`)

/** Why an installation did not come about, and what to do. */
export const FAILURES = {
  denied: 'Nothing was installed, as it was not allowed in Slack.',
  no_state: 'Slack sent you here without saying what for. Begin here.',
  not_ours: 'This does not come from an installation that was begun here. Begin anew.',
  expired: 'This took longer than ten minutes. Begin anew.',
  other_browser:
    'This was begun in another browser, or cookies are off. Begin anew, and finish in the same browser.',
  used: 'This was used before. If LensAI is not in your workspace yet, begin anew.',
  refused: 'Slack did not accept this. Begin anew.',
  unreachable: 'Slack did not answer. Try again in a minute.',
  link_bad: 'This link is not one of ours, or is older than a week. Ask whoever sent it for a new one.',
  link_used: 'This link has brought a workspace in already. Ask whoever sent it for a new one.',
  of_other_organisation:
    'This workspace belongs to another organisation in LensAI. It stays there, and nothing was changed.',
  organisation_gone: 'The organisation of this link is no longer there. Ask whoever sent it for a new one.',
  no_place: 'Slack did not say what workspace this is. Begin anew.',
  ours: 'LensAI could not save the installation. Try again in a minute.',
} as const
export type Failure = keyof typeof FAILURES
