/** What people ask `/lens`, as the benchmark types it. */

export interface Question {
  readonly text: string
  /** A form is opened, or a message comes. */
  readonly answer: 'message' | 'form'
}

/** Each kind of answer, over short and long times; in forms without a picture, which is measured by itself. */
export const questionsOf = (at: Date): readonly Question[] => [
  ...[
    '/lens spend',
    '/lens spend today',
    '/lens spend 7d by model table',
    '/lens spend 30d by user table',
    '/lens spend 90d by route table',
    '/lens spend mtd by key table',
    '/lens spend last month by status table',
    `/lens spend ${spanBefore(at)} by provider table`,
    '/lens spend 30d model:gpt-4o* by route table',
    '/lens spend 7d user:user_00001',
    '/lens latency 7d',
    '/lens latency 30d by route',
    '/lens errors 7d table',
    '/lens errors 30d by model table',
    '/lens budgets',
    '/lens forecast',
    '/lens compare 7d',
    '/lens compare 30d by user',
    '/lens keys',
    '/lens unpriced',
    '/lens audit',
    '/lens help',
    '/lens spned',
  ].map((text): Question => ({ text, answer: 'message' })),
  { text: '/lens budget', answer: 'form' },
]

/** Those that end in a file: a cut brings a picture, and so does `chart` where there is more than Slack's own can show. */
export const PICTURES: readonly string[] = [
  '/lens spend 7d by model',
  '/lens spend 30d by route',
  '/lens spend mtd by project',
  '/lens spend 90d by user',
  '/lens errors 90d chart',
]

const DAY_MS = 86_400_000

/** Twenty days that ended ten days ago. */
function spanBefore(at: Date): string {
  const day = (daysAgo: number) => new Date(at.getTime() - daysAgo * DAY_MS).toISOString().slice(0, 10)
  return `${day(30)}..${day(11)}`
}
