/** How a listener speaks to the one person who asked, also when something went wrong. */
import type { RespondFn } from '@slack/bolt'
import type { Block, KnownBlock } from '@slack/web-api'
import type { Logger } from 'pino'
import { INSTALL_PATH } from '../../core/install-link.ts'
import type { Message } from '../blocks/card.ts'
import { section } from '../blocks/text.ts'
import type { SlackOAuth } from '../deps.ts'
import {
  describeFailure,
  isTokenDead,
  type SlackFailure,
  sayFailure,
  slackFailureOf,
} from '../slack/slack-failure.ts'

/** A message, also of blocks that the SDK has no type for. */
export interface Said {
  readonly text: string
  readonly blocks: (KnownBlock | Block)[]
}

export type Reply = (message: Said) => Promise<void>

/** Only the person who acted sees it, in the thread where they did; the message that they acted on stays. */
export const replyVia =
  (respond: RespondFn, threadTs?: string): Reply =>
  async (message) => {
    const thread = threadTs === undefined ? {} : { thread_ts: threadTs }
    await respond({ ...message, ...thread, response_type: 'ephemeral', replace_original: false })
  }

export const say = (text: string): Message => ({ text, blocks: [section(text)] })

/** Runs what a listener does; a failure is logged once, and the person is told that it is not their fault. */
export async function answering(
  deps: { readonly log: Logger; readonly oauth: SlackOAuth | null },
  about: { readonly what: string; readonly reply: Reply },
  act: () => Promise<void>,
): Promise<void> {
  try {
    await act()
  } catch (error) {
    const failure = slackFailureOf(error)
    const reason = failure ? describeFailure(failure) : undefined
    deps.log.error({ what: about.what, ...(reason ? { reason } : { err: error }) }, 'a listener failed')
    const text = failure
      ? wordsOf(failure, deps.oauth)
      : 'That did not work: LensAI could not reach its data. Please try again in a minute.'
    await about.reply(say(text)).catch((unheard: unknown) => {
      deps.log.warn({ what: about.what, err: unheard }, 'nor could the person be told')
    })
  }
}

/** An answer to a press needs no token, so that even one whose token is dead can say so. */
function wordsOf(failure: SlackFailure, oauth: SlackOAuth | null): string {
  if (!isTokenDead(failure)) return `${sayFailure(failure)} Please try again.`
  const way = oauth
    ? `<${oauth.publicUrl}${INSTALL_PATH}|Install it again>`
    : 'Ask whoever runs it to install it again'
  return `Slack no longer accepts LensAI here. ${way}; budgets and figures are kept, and what it has to say is said then.`
}
