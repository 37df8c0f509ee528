/** What is described of a look at what a budget would have stopped. */
import { reads } from './manage-words.ts'
import * as say from './schema.ts'

const groups = (of: string): say.Schema => ({
  ...say.list(say.object({ value: say.orNull({ type: 'string' }), calls: say.whole(0), cost_usd: say.USD }), {
    maxItems: 10,
  }),
  description: `The ${of} with the dearest of them; null are those that name none.`,
})

export const PREVIEW_SCHEMAS: Readonly<Record<string, say.Schema>> = {
  Preview: say.object({
    period: { type: 'string' },
    period_from: say.INSTANT,
    period_until: say.INSTANT,
    spent_usd: { ...say.USD, description: 'What the whole scope did spend.' },
    events: say.whole(0),
    unpriced_events: { ...say.whole(0), description: 'They count nothing here.' },
    would_stop: say.FLAG,
    counters_reaching: { ...say.whole(0), description: 'How many counters reach a rung of the ladder.' },
    grain_s: { ...say.whole(1), description: 'How exact the instants are.' },
    steps: {
      ...say.list(
        say.object({
          counter: { type: 'string' },
          at: say.INSTANT,
          spent_usd: say.USD,
          rung: say.named('Rung'),
        }),
      ),
      description: 'When a counter would have reached a rung; of at most 100 counters, the dearest.',
    },
    refused: say.object({
      calls: say.whole(0),
      cost_usd: say.USD,
      routes: groups('routes'),
      users: groups('users'),
      keys: groups('API keys'),
    }),
  }),
}

export const PREVIEW: say.Paths = {
  '/v1/budgets/preview': {
    post: {
      ...reads,
      operationId: 'previewBudget',
      summary: 'What a budget would have stopped over the last period that is over; nothing is made',
      requestBody: say.takes(say.named('NewBudget')),
      responses: {
        '200': say.answers('What it would have done.', say.named('Preview')),
        ...say.refusals(404),
      },
    },
  },
}
