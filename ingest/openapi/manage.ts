/** What a person manages by a key: budgets, stops, overrides; and what was done. */
import { DONE, idOf, manages, ONCE, query, reads } from './manage-words.ts'
import { PAGE_PARAMETERS, pageOf } from './page.ts'
import * as say from './schema.ts'

const ETAG: say.Answer['headers'] = {
  etag: { description: 'What If-Match names.', schema: { type: 'string' } },
}
const BUDGET: say.Answer = { ...say.answers('The budget.', say.named('Budget')), headers: ETAG }
const IF_MATCH: say.Parameter = {
  ...{ name: 'If-Match', in: 'header', schema: { type: 'string' } },
  description: 'The ETag of the budget as it was read; this or limit_revision is required.',
}
const COUNTER = query('counter', 'Whose, as `user:ID`, where the budget has a counter each.', say.text(300))

const stopOf = (operationId: string, summary: string, of: 'project' | null): say.Operation => ({
  ...manages,
  ...{ operationId, summary },
  ...(of === null ? {} : { parameters: [idOf(of)] }),
  requestBody: say.takes(say.named('NewStop')),
  responses: {
    '200': say.answers('As it stands now.', say.named('WideStop')),
    ...say.refusals(...(of === null ? [] : [404])),
  },
})
const resumeOf = (operationId: string, summary: string, of: 'project' | null): say.Operation => {
  const { requestBody: _, ...rest } = stopOf(operationId, summary, of)
  return rest
}
const budgetStop = (operationId: string, summary: string): say.Operation => ({
  ...manages,
  ...{ operationId, summary, parameters: [idOf('budget')] },
  responses: { '200': say.answers('As it stands now.', say.named('BudgetStop')), ...say.refusals(404) },
})

export const MANAGE: say.Paths = {
  '/v1/budgets': {
    get: {
      ...reads,
      operationId: 'listBudgets',
      summary: 'The budgets that the key reaches',
      parameters: PAGE_PARAMETERS,
      responses: { '200': say.answers('A page of budgets.', pageOf('Budget')), ...say.refusals() },
    },
    post: {
      ...manages,
      operationId: 'makeBudget',
      summary: 'Makes a budget; it starts from what its scope has already spent',
      parameters: [ONCE],
      requestBody: say.takes(say.named('NewBudget')),
      responses: { '201': BUDGET, ...say.refusals(404, 409, 422) },
    },
  },
  '/v1/budgets/{id}': {
    get: {
      ...reads,
      operationId: 'getBudget',
      summary: 'A budget, and how its running period stands',
      parameters: [idOf('budget')],
      responses: { '200': BUDGET, ...say.refusals(404) },
    },
    patch: {
      ...manages,
      operationId: 'changeBudget',
      summary: 'Changes what is say.named of a budget; what was spent stays counted',
      parameters: [idOf('budget'), IF_MATCH],
      requestBody: say.takes(say.named('BudgetChange')),
      responses: { '200': BUDGET, ...say.refusals(404, 412, 428) },
    },
    delete: {
      ...manages,
      operationId: 'endBudget',
      summary: 'Ends a budget: it counts and stops no more',
      parameters: [idOf('budget')],
      responses: { '204': DONE, ...say.refusals(404) },
    },
  },
  '/v1/budgets/{id}/periods': {
    get: {
      ...reads,
      operationId: 'listPeriods',
      summary: 'What each counter of a budget spent in each of its periods, the youngest first',
      parameters: [idOf('budget'), ...PAGE_PARAMETERS],
      responses: { '200': say.answers('A page of periods.', pageOf('CountedPeriod')), ...say.refusals(404) },
    },
  },
  '/v1/budgets/{id}/stop': {
    post: budgetStop('stopBudget', 'Refuses every call that the budget covers, until a person resumes'),
  },
  '/v1/budgets/{id}/resume': {
    post: budgetStop('resumeBudget', "Lifts a person's stop; a limit that is reached still stops"),
  },
  '/v1/budgets/{id}/overrides': {
    post: {
      ...manages,
      operationId: 'askOverride',
      summary: 'Leave to spend past the limit: granted, or kept as a request where another person must agree',
      parameters: [idOf('budget'), ONCE],
      requestBody: say.takes(say.named('NewOverride')),
      responses: {
        '201': say.answers('It is granted, and replaces the one that ran.', say.named('OverrideAnswer')),
        '202': say.answers('It waits for a second person.', say.named('OverrideAnswer')),
        ...say.refusals(404, 409, 422),
      },
    },
  },
  '/v1/budgets/{id}/overrides/current': {
    delete: {
      ...manages,
      operationId: 'revokeOverride',
      summary: 'Takes the running override back: the limit holds again',
      parameters: [idOf('budget'), COUNTER],
      responses: { '204': DONE, ...say.refusals(404) },
    },
  },
  '/v1/override-requests': {
    get: {
      ...reads,
      operationId: 'listOverrideRequests',
      summary: 'Requests for overrides, the youngest first',
      parameters: [
        query('state', 'Those in this state alone.', say.oneOf('pending', 'granted', 'denied', 'expired')),
        query('budget_id', 'Those of this budget alone.', say.text(64)),
        ...PAGE_PARAMETERS,
      ],
      responses: { '200': say.answers('A page of requests.', pageOf('OverrideRequest')), ...say.refusals() },
    },
  },
  '/v1/override-requests/{id}/approve': {
    post: {
      ...manages,
      operationId: 'approveOverride',
      summary: 'Grants what is asked for; its window begins now',
      parameters: [idOf('request')],
      responses: { '200': say.answers('It is granted.', say.named('Decided')), ...say.refusals(404, 409) },
    },
  },
  '/v1/override-requests/{id}/deny': {
    post: {
      ...manages,
      operationId: 'denyOverride',
      summary: 'Denies what is asked for; who asked may so take it back',
      parameters: [idOf('request')],
      requestBody: say.takes(say.named('Denial')),
      responses: { '200': say.answers('It is denied.', say.named('Decided')), ...say.refusals(404, 409) },
    },
  },
  '/v1/projects/{id}/stop': {
    post: stopOf('stopProject', 'Refuses every call of a project, whether or not it has a budget', 'project'),
  },
  '/v1/projects/{id}/resume': { post: resumeOf('resumeProject', 'Lifts the stop of a project', 'project') },
  '/v1/stop': { post: stopOf('stopEverything', 'Refuses every call of the organisation', null) },
  '/v1/resume': { post: resumeOf('resumeEverything', 'Lifts the stop of the organisation', null) },
  '/v1/audit': {
    get: {
      ...reads,
      operationId: 'listDeeds',
      summary: 'Who did what, the youngest deed first',
      parameters: [
        query('since', 'From this instant on.', say.INSTANT),
        query('until', 'Before this instant.', say.INSTANT),
        query('actor', 'By this person, or by `system`.', say.text(128)),
        query('action', 'Such as `budget.limit_changed`.', say.text(128)),
        query('subject', 'The id of what it was done to.', say.text(128)),
        ...PAGE_PARAMETERS,
      ],
      responses: { '200': say.answers('A page of deeds.', pageOf('Deed')), ...say.refusals() },
    },
  },
}
