/**
 * Bolt as a receiver of signed requests and a table of listeners. It never listens on a port of its own: Fastify
 * hands it the raw requests.
 */
import { App, type Logger as BoltLogger, HTTPReceiver, LogLevel } from '@slack/bolt'
import type { Logger } from 'pino'
import { registerActions } from './listeners/actions/index.ts'
import { registerCommands } from './listeners/commands/index.ts'
import { registerEvents } from './listeners/events/index.ts'
import type { ListenerDeps } from './listeners/listener-deps.ts'
import { registerViews } from './listeners/views/index.ts'
import { authorizeFrom } from './slack/authorize.ts'
import { slackClientOptions } from './slack/web-client.ts'

export const SLACK_EVENTS_PATH = '/slack/events'

export function buildBolt(deps: ListenerDeps): HTTPReceiver {
  const logger = boltLogger(deps.log)
  const receiver = new HTTPReceiver({
    signingSecret: deps.signingSecret,
    endpoints: SLACK_EVENTS_PATH,
    logger,
  })
  const app = new App({
    receiver,
    authorize: authorizeFrom(deps),
    clientOptions: slackClientOptions(deps.slackApiUrl),
    convoStore: false,
    logger,
  })
  app.error(async (error) => {
    deps.log.error({ code: error.code, reason: error.message }, 'a request of Slack was not answered')
  })
  registerCommands(app, deps)
  registerActions(app, deps)
  registerViews(app, deps)
  registerEvents(app, deps)
  return receiver
}

/** Bolt's warnings as lines of our log; its debug output may hold bodies and goes nowhere. */
function boltLogger(log: Logger): BoltLogger {
  const words = (parts: readonly unknown[]) => parts.map(String).join(' ')
  return {
    debug: () => undefined,
    info: () => undefined,
    warn: (...parts) => log.warn({ from: 'bolt' }, words(parts)),
    error: (...parts) => log.error({ from: 'bolt' }, words(parts)),
    setLevel: () => undefined,
    getLevel: () => LogLevel.WARN,
    setName: () => undefined,
  }
}
