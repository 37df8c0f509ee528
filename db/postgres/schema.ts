/**
 * Every table of Postgres: who owns what, what was spent, and what is still to be said in Slack.
 * Invariant: `org_id` stands on every row, and money is a bigint of nano-dollars.
 */
export * from './tables/budgets.ts'
export * from './tables/holds.ts'
export * from './tables/ledger.ts'
export * from './tables/operations.ts'
export * from './tables/organisations.ts'
export * from './tables/people.ts'
export * from './tables/slack.ts'
export * from './tables/webhooks.ts'
