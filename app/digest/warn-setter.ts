/** A direct message to whoever set a digest, when its channel cannot be reached: what is wrong, and what to do. */
import type { WebClient } from '@slack/web-api'
import type { Logger } from 'pino'
import type { Digest } from '../../db/postgres/digests.ts'
import { COMMAND } from '../ids.ts'
import { describeFailure, slackFailureOf } from '../slack/slack-failure.ts'

export async function warnSetter(
  { log }: { readonly log: Logger },
  slack: WebClient,
  { id, channelId, setBy }: Digest,
  error: string,
): Promise<void> {
  const text = `LensAI cannot post its digest in <#${channelId}> (\`${error}\`). Type \`/invite @LensAI\` there, or choose another channel, or none, with \`${COMMAND} digest\`.`
  try {
    await slack.chat.postMessage({ channel: setBy, text })
  } catch (thrown) {
    const failure = slackFailureOf(thrown)
    if (!failure) throw thrown
    log.warn({ digestId: id, reason: describeFailure(failure) }, 'whoever set a digest could not be told')
  }
}
