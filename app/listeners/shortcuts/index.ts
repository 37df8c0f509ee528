/** Every shortcut, global ones and those of a message. */
import type { App } from '@slack/bolt'
import type { ListenerDeps } from '../listener-deps.ts'
import { registerAnswerMessage } from './answer-message.ts'
import { registerSetBudget } from './set-budget.ts'
import { registerSpendThisMonth } from './spend-this-month.ts'

export function registerShortcuts(app: App, deps: ListenerDeps): void {
  registerSpendThisMonth(app, deps)
  registerSetBudget(app, deps)
  registerAnswerMessage(app, deps)
}
