/** A store in which there is nothing to manage: every reach is empty, every name unknown. */
import type { ManageStore } from '../../ingest/manage/manage-store.ts'

export const noManaging: ManageStore = {
  budgets: async () => [],
  budget: async () => null,
  periods: async () => [],
  requests: async () => [],
  deeds: async () => [],
  workspaces: async () => [],
  make: async () => ({ kind: 'refused', refusal: 'project_unknown' }),
  change: async () => ({ kind: 'refused', refusal: 'budget_unknown' }),
  archive: async () => 'budget_unknown',
  stop: async () => 'budget_unknown',
  resume: async () => 'budget_unknown',
  askOverride: async () => ({ kind: 'budget_unknown' }),
  revokeOverride: async () => 'budget_unknown',
  decide: async () => ({ kind: 'request_unknown' }),
  stopWidely: async () => 'project_unknown',
  liftWideStop: async () => 'project_unknown',
  hasProject: async () => false,
  previews: { preview: async () => ({ kind: 'away' }) },
  webhooks: {
    rules: { allowLoopback: false },
    list: async () => [],
    find: async () => null,
    deliveries: async () => [],
    add: async () => ({ kind: 'refused', why: 'too_many' }),
    change: async () => null,
    rotate: async () => ({ kind: 'refused', why: 'unknown' }),
    remove: async () => 'unknown',
    replay: async () => ({ kind: 'refused', why: 'unknown' }),
  },
}
