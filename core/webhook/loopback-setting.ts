/** Whether webhooks may go to this machine itself, by plain http too, as the environment says: for development and tests. */
import type { Settings } from '../settings.ts'

export function readAllowLoopback(settings: Settings): boolean {
  const text = settings.optional('WEBHOOKS_ALLOW_LOOPBACK')
  if (text !== null && text !== '1') settings.complain('WEBHOOKS_ALLOW_LOOPBACK must be 1, or not set')
  return text === '1'
}
