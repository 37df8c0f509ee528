/** What was entered in a modal, and how a submission is answered: errors under fields, a last word, or closed. */
import type { AckFn, ViewResponseAction, ViewSubmitAction } from '@slack/bolt'
import type { Logger } from 'pino'
import { sayModal } from '../../blocks/override-modal.ts'
import type { ModalView } from '../../blocks/text.ts'
import { FIELD_VALUE } from '../../ids.ts'
import { describeFailure, sayFailure, slackFailureOf } from '../../slack/slack-failure.ts'

export type Answer =
  | { readonly kind: 'close' }
  | { readonly kind: 'errors'; readonly errors: Readonly<Record<string, string>> }
  | { readonly kind: 'say'; readonly title: string; readonly text: string }
  /** Above what was submitted, or in its place. */
  | { readonly kind: 'show'; readonly how: 'push' | 'update'; readonly view: ModalView }

type Values = ViewSubmitAction['view']['state']['values']

/** What a text field holds, or a menu's chosen value, or a chosen conversation or person; '' when empty or absent. */
export function fieldOf(values: Values, field: string): string {
  const input = values[field]?.[FIELD_VALUE]
  return (
    input?.value ??
    input?.selected_option?.value ??
    input?.selected_conversation ??
    input?.selected_user ??
    ''
  )
}

/** Whom a menu of people holds. */
export const peopleOf = (values: Values, field: string): readonly string[] =>
  values[field]?.[FIELD_VALUE]?.selected_users ?? []

/** Answers within Slack's three seconds; a failure keeps what was entered, with a word under the first field. */
export async function answerSubmission(
  deps: { readonly log: Logger },
  {
    what,
    ack,
    firstField,
  }: { readonly what: string; readonly ack: AckFn<ViewResponseAction>; readonly firstField: string },
  act: () => Promise<Answer>,
): Promise<void> {
  const answer = await act().catch((error: unknown): Answer => {
    const failure = slackFailureOf(error)
    deps.log.error(
      { what, ...(failure ? { reason: describeFailure(failure) } : { err: error }) },
      'a submission failed',
    )
    const text = failure
      ? `${sayFailure(failure)} Nothing was saved; please try again.`
      : 'LensAI could not reach its data. Nothing was saved; please try again in a minute.'
    return { kind: 'errors', errors: { [firstField]: text } }
  })
  if (answer.kind === 'close') await ack()
  else if (answer.kind === 'errors') await ack({ response_action: 'errors', errors: { ...answer.errors } })
  else if (answer.kind === 'show') await ack({ response_action: answer.how, view: answer.view })
  else await ack({ response_action: 'update', view: sayModal(answer.title, answer.text) })
}
