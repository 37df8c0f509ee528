/**
 * Bolt as a receiver of Slack's requests and a table of listeners. It never listens on a port of its own: Fastify
 * hands it the raw requests, or they come by a connection of Socket Mode.
 */
import type { RequestListener } from 'node:http'
import { App, ErrorCode, HTTPReceiver, type Receiver } from '@slack/bolt'
import { registerActions } from './listeners/actions/index.ts'
import { registerCommands } from './listeners/commands/index.ts'
import { registerEvents } from './listeners/events/index.ts'
import type { ListenerDeps } from './listeners/listener-deps.ts'
import { registerShortcuts } from './listeners/shortcuts/index.ts'
import { registerViews } from './listeners/views/index.ts'
import { authorizeFrom } from './slack/authorize.ts'
import { slackLogger } from './slack/slack-logger.ts'
import { socketReceiver } from './slack/socket-receiver.ts'
import type { TokenOf } from './slack/token-keeper.ts'
import { slackClientOptions } from './slack/web-client.ts'

export const SLACK_EVENTS_PATH = '/slack/events'

/** Where Slack's requests come from: signed HTTP, or a connection of ours where Slack cannot reach us. */
export type Bolt =
  | { readonly kind: 'http'; readonly requestListener: RequestListener }
  | { readonly kind: 'socket'; start(): Promise<void>; stop(): Promise<void> }

export function buildBolt(deps: ListenerDeps & { readonly tokenOf: TokenOf }): Bolt {
  const logger = slackLogger(deps.log)
  const ways = openWays(deps)
  const app = new App({
    receiver: ways.receiver,
    authorize: authorizeFrom(deps),
    clientOptions: slackClientOptions(deps),
    convoStore: false,
    logger,
  })
  app.error(async (error) => {
    deps.log.error({ code: error.code, reason: error.message }, 'a request of Slack was not answered')
    // Bolt answers 401 to a workspace that has not installed the app only when the error goes on.
    if (error.code === ErrorCode.AuthorizationError) throw error
  })
  registerCommands(app, deps)
  registerActions(app, deps)
  registerViews(app, deps)
  registerShortcuts(app, deps)
  registerEvents(app, deps)
  return ways.bolt
}

/** Bolt's end of it, and ours. */
function openWays(deps: ListenerDeps): { readonly receiver: Receiver; readonly bolt: Bolt } {
  const { incoming } = deps
  if (incoming.kind === 'http') {
    const receiver = new HTTPReceiver({
      signingSecret: incoming.signingSecret,
      endpoints: SLACK_EVENTS_PATH,
      logger: slackLogger(deps.log),
    })
    return { receiver, bolt: { kind: 'http', requestListener: receiver.requestListener.bind(receiver) } }
  }
  const receiver = socketReceiver({ ...deps, appToken: incoming.appToken })
  return {
    receiver,
    bolt: {
      kind: 'socket',
      start: async () => {
        await receiver.start()
      },
      stop: async () => {
        await receiver.stop()
      },
    },
  }
}
