/** Text as Slack shows it: mrkdwn and emoji by the renderer, plain words with their emoji. */
import { renderToStaticMarkup } from 'react-dom/server'
import { type Block, Message } from 'slack-blocks-to-jsx'
import type { Json, Workspace } from '../slack/workspace.ts'

/**
 * The renderer puts one id on every piece it renders; a page holds many, so the id becomes its class alone
 * (the style sheet is served with the same change). Preload hints would be noise inside a fragment. A day that follows a
 * space of no width begins with a small letter, as in Slack.
 */
export function renderKnownBlock(block: Json, workspace: Workspace): string {
  const markup = renderToStaticMarkup(
    <Message
      withoutWrapper
      theme="light"
      logo=""
      name=""
      blocks={[asKnown(withLiterals(block))]}
      data={{
        users: workspace.users.map(({ id, name }) => ({ id, name })),
        channels: workspace.channels.map(({ id, name }) => ({ id, name })),
      }}
    />,
  )
  return markup
    .replaceAll(' id="slack_blocks_to_jsx"', '')
    .replace(/<link rel="preload"[^>]*>/g, '')
    .replace(/\u200b(?:Today|Tomorrow|Yesterday)/g, (day) => day.toLowerCase())
}

/**
 * What Slack takes literally and the renderer does not: a star after a zero-width space, which opens and closes nothing,
 * gets a star that only looks like it; an escaped `<`, which begins no mention and no link, gets a zero-width space where
 * it would. Elsewhere nothing is added: people copy lines of code from the page.
 */
function withLiterals(block: Json): Json {
  const text = JSON.stringify(block)
  return JSON.parse(text.replaceAll(LITERAL_STAR, '\u2217').replaceAll(LITERAL_LESS, '&lt;\u200b'))
}
const LITERAL_STAR = '\u200b*'
const LITERAL_LESS = /&lt;(?=[!@#]|https?:|mailto:)/gi

/** The validator has accepted the block, which is what the renderer's type asks for. */
function asKnown(block: Json): Block {
  return block as unknown as Block
}

const emojiFree = /^[^:]*$/

/** Labels of buttons and options: plain words, in which `:name:` is an emoji. */
export function words(text: unknown, workspace: Workspace): string {
  const plain =
    typeof text === 'object' && text !== null && 'text' in text ? String(text.text) : String(text ?? '')
  if (emojiFree.test(plain)) return plain
  const section = { type: 'section', text: { type: 'plain_text', text: plain, emoji: true } }
  return renderKnownBlock(section, workspace)
    .replace(/<[^>]+>/g, '')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&quot;', '"')
    .replaceAll('&#x27;', "'")
    .replaceAll('&amp;', '&')
}
