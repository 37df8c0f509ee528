/** What budgets ask of a call, of the event that reports it. */
import type { CallFacts } from '../budget/scope.ts'

export const callFactsOf = (event: CallFacts): CallFacts => ({
  projectId: event.projectId,
  provider: event.provider,
  model: event.model,
  route: event.route,
  userId: event.userId,
  apiKeyId: event.apiKeyId,
  environment: event.environment,
  tags: event.tags,
})
