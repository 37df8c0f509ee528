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
<style>body{font:17px/1.5 system-ui,-apple-system,"Segoe UI",sans-serif;margin:0;background:#f6f6f7;color:#1d1c1d}
main{box-sizing:border-box;max-width:32rem;margin:14vh auto;padding:2.5rem;text-align:center;background:#fff;border:1px solid #e4e4e5;border-radius:.8rem}
svg{width:4rem}h1{font-size:1.7rem;line-height:1.25;margin:1rem 0 .6rem}p{margin:0 0 1.4rem;color:#4a494b}
a{display:inline-block;padding:.6rem 1.4rem;border-radius:.4rem;background:#4a154b;color:#fff;font-weight:600;text-decoration:none}
a:focus-visible{outline:3px solid #1d9bd1;outline-offset:2px}</style>
</head><body><main>${SIGN}<h1>${escaped(title)}</h1><p>${escaped(text)}</p>${way}</main></body></html>
`
}

const SIGN =
  '<svg viewBox="0 0 36 36" aria-hidden="true"><rect width="36" height="36" rx="8" fill="#1b1f3b"/><g fill="none" stroke="#7fd1ae" stroke-width="3" stroke-linecap="round"><circle cx="16" cy="16" r="8.5"/><path d="M22.5 22.5 29 29"/></g></svg>'

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
