/** A direct message to whoever made a budget, when its channel cannot be reached: what is wrong, and what to do. */
import type { WebClient } from '@slack/web-api'
import type { Logger } from 'pino'
import type { StoredBudget } from '../../db/postgres/budget-snapshots.ts'
import { name } from '../blocks/text.ts'
import { describeFailure, slackFailureOf } from '../slack/slack-failure.ts'

export async function tellMaker(
  { log }: { log: Logger },
  slack: WebClient,
  { budget, channelId, createdBy }: StoredBudget,
  error: string,
): Promise<void> {
  if (!/^[UW][A-Z0-9]+$/.test(createdBy)) return
  const way =
    error === 'is_archived' || error === 'restricted_action'
      ? 'Choose another channel with `/lens budget`.'
      : 'Type `/invite @LensAI` there, or choose another channel with `/lens budget`. It is tried again every minute.'
  const text = `The budget of *${name(budget.title)}* has news, but LensAI cannot post in <#${channelId}> (\`${error}\`). ${way}`
  try {
    await slack.chat.postMessage({ channel: createdBy, text })
  } catch (thrown) {
    const failure = slackFailureOf(thrown)
    if (!failure) throw thrown
    log.warn(
      { budgetId: budget.id, reason: describeFailure(failure) },
      'the maker of a budget could not be told',
    )
  }
}
