/** The code of the first steps, as a person copies it from Slack, which shows the three characters that it escapes as themselves. */
import { type SnippetFacts, snippetBlocks } from '../app/blocks/welcome-snippets.ts'

/** The blocks of code below a title, up to the next one. */
export function snippetCode(title: string, facts: SnippetFacts): string[] {
  const texts = snippetBlocks(facts).map((block) =>
    block.type === 'section' ? (block.text?.text ?? '') : '',
  )
  const at = texts.findIndex((text) => text.startsWith(`*${title}*`))
  const rest = texts.slice(at + 1)
  const next = rest.findIndex((text) => text.startsWith('*'))
  const own = [texts[at] ?? '', ...rest.slice(0, next === -1 ? rest.length : next)].join('\n')
  return [...own.matchAll(/```([^`]*)```/g)].map(([, code = '']) =>
    code.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&'),
  )
}
