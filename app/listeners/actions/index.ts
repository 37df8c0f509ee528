/** Every button and menu. */
import type { App } from '@slack/bolt'
import type { ListenerDeps } from '../listener-deps.ts'
import { registerBegin } from './begin.ts'
import { registerBudgetOptions } from './budget-options.ts'
import { registerBudgetProject } from './budget-project.ts'
import { registerCardAttention } from './card-attention.ts'
import { registerCardButtons } from './card-buttons.ts'
import { registerHomeBudget } from './home-budget.ts'
import { registerHomeChoose } from './home-choose.ts'
import { registerOverridePreview } from './override-preview.ts'
import { registerPeople } from './people.ts'
import { registerPreviewStop } from './preview-stop.ts'
import { registerRequestButtons } from './request-buttons.ts'
import { registerResumeWidely } from './resume-widely.ts'
import { registerRunSuggestion } from './run-suggestion.ts'
import { registerShareAnswer } from './share-answer.ts'

export function registerActions(app: App, deps: ListenerDeps): void {
  registerCardButtons(app, deps)
  registerCardAttention(app, deps)
  registerOverridePreview(app, deps)
  registerRequestButtons(app, deps)
  registerBudgetProject(app, deps)
  registerBudgetOptions(app, deps)
  registerHomeBudget(app, deps)
  registerHomeChoose(app, deps)
  registerPreviewStop(app, deps)
  registerResumeWidely(app, deps)
  registerRunSuggestion(app, deps)
  registerShareAnswer(app, deps)
  registerBegin(app, deps)
  registerPeople(app, deps)
}
