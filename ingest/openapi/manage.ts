/** What a person manages by a key: budgets, stops, overrides; and what was done. */
import { PAGE_PARAMETERS, pageOf } from './page.ts'
import {
  type Answer,
  answers,
  INSTANT,
  keyWith,
  named,
  type Operation,
  oneOf,
  type Parameter,
  type Paths,
  refusals,
  type Schema,
  takes,
  text,
} from './schema.ts'

const reads = { tags: ['Manage'], security: keyWith('read', 'manage') } as const
const manages = { tags: ['Manage'], security: keyWith('manage') } as const
const ETAG: Answer['headers'] = { etag: { description: 'What If-Match names.', schema: { type: 'string' } } }
const BUDGET: Answer = { ...answers('The budget.', named('Budget')), headers: ETAG }
const DONE: Answer = { description: 'It is done.' }

const id = (of: string): Parameter => ({
  ...{ name: 'id', in: 'path', required: true },
  ...{ description: `The id of the ${of}.`, schema: { type: 'string' } },
})
const query = (name: string, description: string, schema: Schema): Parameter => ({
  ...{ name, in: 'query', description, schema },
})
const ONCE: Parameter = {
  ...{ name: 'Idempotency-Key', in: 'header', schema: text(128) },
  description: 'Sent again with the same key and body, nothing is made twice, and the answer says what was.',
}
const IF_MATCH: Parameter = {
  ...{ name: 'If-Match', in: 'header', schema: { type: 'string' } },
  description: 'The ETag of the budget as it was read; this or limit_revision is required.',
}
const COUNTER = query('counter', 'Whose, as `user:ID`, where the budget has a counter each.', text(300))

const stopOf = (operationId: string, summary: string, of: 'project' | null): Operation => ({
  ...manages,
  ...{ operationId, summary },
  ...(of === null ? {} : { parameters: [id(of)] }),
  requestBody: takes(named('NewStop')),
  responses: {
    '200': answers('As it stands now.', named('WideStop')),
    ...refusals(...(of === null ? [] : [404])),
  },
})
const resumeOf = (operationId: string, summary: string, of: 'project' | null): Operation => {
  const { requestBody: _, ...rest } = stopOf(operationId, summary, of)
  return rest
}
const budgetStop = (operationId: string, summary: string): Operation => ({
  ...manages,
  ...{ operationId, summary, parameters: [id('budget')] },
  responses: { '200': answers('As it stands now.', named('BudgetStop')), ...refusals(404) },
})

export const MANAGE: Paths = {
  '/v1/budgets': {
    get: {
      ...reads,
      operationId: 'listBudgets',
      summary: 'The budgets that the key reaches',
      parameters: PAGE_PARAMETERS,
      responses: { '200': answers('A page of budgets.', pageOf('Budget')), ...refusals() },
    },
    post: {
      ...manages,
      operationId: 'makeBudget',
      summary: 'Makes a budget; it starts from what its scope has already spent',
      parameters: [ONCE],
      requestBody: takes(named('NewBudget')),
      responses: { '201': BUDGET, ...refusals(404, 409, 422) },
    },
  },
  '/v1/budgets/{id}': {
    get: {
      ...reads,
      operationId: 'getBudget',
      summary: 'A budget, and how its running period stands',
      parameters: [id('budget')],
      responses: { '200': BUDGET, ...refusals(404) },
    },
    patch: {
      ...manages,
      operationId: 'changeBudget',
      summary: 'Changes what is named of a budget; what was spent stays counted',
      parameters: [id('budget'), IF_MATCH],
      requestBody: takes(named('BudgetChange')),
      responses: { '200': BUDGET, ...refusals(404, 412, 428) },
    },
    delete: {
      ...manages,
      operationId: 'endBudget',
      summary: 'Ends a budget: it counts and stops no more',
      parameters: [id('budget')],
      responses: { '204': DONE, ...refusals(404) },
    },
  },
  '/v1/budgets/{id}/periods': {
    get: {
      ...reads,
      operationId: 'listPeriods',
      summary: 'What each counter of a budget spent in each of its periods, the youngest first',
      parameters: [id('budget'), ...PAGE_PARAMETERS],
      responses: { '200': answers('A page of periods.', pageOf('CountedPeriod')), ...refusals(404) },
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
      parameters: [id('budget'), ONCE],
      requestBody: takes(named('NewOverride')),
      responses: {
        '201': answers('It is granted, and replaces the one that ran.', named('OverrideAnswer')),
        '202': answers('It waits for a second person.', named('OverrideAnswer')),
        ...refusals(404, 409, 422),
      },
    },
  },
  '/v1/budgets/{id}/overrides/current': {
    delete: {
      ...manages,
      operationId: 'revokeOverride',
      summary: 'Takes the running override back: the limit holds again',
      parameters: [id('budget'), COUNTER],
      responses: { '204': DONE, ...refusals(404) },
    },
  },
  '/v1/override-requests': {
    get: {
      ...reads,
      operationId: 'listOverrideRequests',
      summary: 'Requests for overrides, the youngest first',
      parameters: [
        query('state', 'Those in this state alone.', oneOf('pending', 'granted', 'denied', 'expired')),
        query('budget_id', 'Those of this budget alone.', text(64)),
        ...PAGE_PARAMETERS,
      ],
      responses: { '200': answers('A page of requests.', pageOf('OverrideRequest')), ...refusals() },
    },
  },
  '/v1/override-requests/{id}/approve': {
    post: {
      ...manages,
      operationId: 'approveOverride',
      summary: 'Grants what is asked for; its window begins now',
      parameters: [id('request')],
      responses: { '200': answers('It is granted.', named('Decided')), ...refusals(404, 409) },
    },
  },
  '/v1/override-requests/{id}/deny': {
    post: {
      ...manages,
      operationId: 'denyOverride',
      summary: 'Denies what is asked for; who asked may so take it back',
      parameters: [id('request')],
      requestBody: takes(named('Denial')),
      responses: { '200': answers('It is denied.', named('Decided')), ...refusals(404, 409) },
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
        query('since', 'From this instant on.', INSTANT),
        query('until', 'Before this instant.', INSTANT),
        query('actor', 'By this person, or by `system`.', text(128)),
        query('action', 'Such as `budget.limit_changed`.', text(128)),
        query('subject', 'The id of what it was done to.', text(128)),
        ...PAGE_PARAMETERS,
      ],
      responses: { '200': answers('A page of deeds.', pageOf('Deed')), ...refusals() },
    },
  },
}
