/** The Slack app as one HTTP server: Slack's requests, and whether it is well. */
import Fastify, { type FastifyInstance } from 'fastify'
import { buildBolt, SLACK_EVENTS_PATH } from './bolt.ts'
import { openChannelPacer } from './cards/channel-pacer.ts'
import { registerChartRoute } from './charts/chart-route.ts'
import { homeChartsOf } from './charts/home-charts.ts'
import type { AppDeps } from './deps.ts'
import { type HomePublisher, openHomePublisher } from './home/publish-home.ts'
import { registerInstall } from './install/routes.ts'
import { type Outbox, runOutbox } from './outbox/run-outbox.ts'
import { slackClients } from './slack/slack-of.ts'
import { openTokenKeeper, type TokenOf } from './slack/token-keeper.ts'

export interface SlackApp {
  readonly server: FastifyInstance
  /** Begins to tell Slack what is in the outbox. */
  startOutbox(): Promise<Outbox>
  close(): Promise<void>
}

export function buildApp(deps: AppDeps): SlackApp {
  const tokenOf = openTokenKeeper(deps)
  const slackOf = slackClients({ ...deps, tokenOf })
  const home = openHomePublisher(deps, slackOf)
  let outbox: Outbox | null = null
  const server = buildServer(deps, home, tokenOf)
  return {
    server,
    startOutbox: async () => {
      outbox = await runOutbox({
        ...deps,
        pacer: openChannelPacer(deps.now),
        slackOf,
        told: home.refresh,
      })
      return outbox
    },
    close: async () => {
      await server.close()
      await outbox?.stop()
      home.stop()
    },
  }
}

function buildServer(deps: AppDeps, home: HomePublisher, tokenOf: TokenOf): FastifyInstance {
  const server = Fastify({ forceCloseConnections: 'idle' })
  const receiver = buildBolt({ ...deps, home, tokenOf })

  // Bolt reads and verifies the raw body itself, so Fastify must not touch it.
  server.register((slack, _options, done) => {
    slack.removeAllContentTypeParsers()
    slack.addContentTypeParser('*', (_request, _payload, parsed) => parsed(null))
    slack.post(SLACK_EVENTS_PATH, (request, reply) => {
      reply.hijack()
      receiver.requestListener(request.raw, reply.raw)
    })
    done()
  })

  const { oauth } = deps
  if (oauth !== null) registerInstall(server, { ...deps, oauth })
  if (deps.publicAppUrl !== null) registerChartRoute(server, { ...deps, chartOf: homeChartsOf(deps) })

  server.get('/healthz', async () => ({ status: 'ok' }))
  server.get('/readyz', async (_request, reply) => {
    const silent = await silentStores(deps)
    if (silent.length === 0) return { status: 'ok' }
    return await reply.status(503).send({ status: 'unavailable', silent })
  })
  return server
}

/** The names of the stores that do not answer. */
async function silentStores({ postgres, clickhouse }: AppDeps): Promise<string[]> {
  const asked: [string, Promise<boolean>][] = [
    ['postgres', postgres.ping().then(() => true)],
    ['clickhouse', clickhouse.ping().then(({ success }) => success)],
  ]
  const answers = await Promise.all(
    asked.map(async ([store, ping]) => ({ store, answers: await ping.catch(() => false) })),
  )
  return answers.filter(({ answers }) => !answers).map(({ store }) => store)
}
