/** Every modal that can be submitted. */
import type { App } from '@slack/bolt'
import type { ListenerDeps } from '../listener-deps.ts'
import { registerAskOverride } from './ask-override.ts'
import { registerDenyRequest } from './deny-request.ts'
import { registerMakeKeys } from './make-keys.ts'
import { registerRevokeKey } from './revoke-key.ts'
import { registerSaveBudget } from './save-budget.ts'
import { registerSaveDigest } from './save-digest.ts'
import { registerSavePeople } from './save-people.ts'
import { registerSaveSettings } from './save-settings.ts'
import { registerStopWidely } from './stop-widely.ts'

export function registerViews(app: App, deps: ListenerDeps): void {
  registerSaveBudget(app, deps)
  registerAskOverride(app, deps)
  registerDenyRequest(app, deps)
  registerSaveSettings(app, deps)
  registerSaveDigest(app, deps)
  registerStopWidely(app, deps)
  registerMakeKeys(app, deps)
  registerRevokeKey(app, deps)
  registerSavePeople(app, deps)
}
