/** Every slash command. */
import type { App } from '@slack/bolt'
import type { ListenerDeps } from '../listener-deps.ts'
import { registerLens } from './lens.ts'

export function registerCommands(app: App, deps: ListenerDeps): void {
  registerLens(app, deps)
}
