/** The Slack app as one HTTP server: Slack's requests, and whether it is well. */
import Fastify, { type FastifyInstance } from 'fastify'
import { type Bolt, buildBolt, SLACK_EVENTS_PATH } from './bolt.ts'
import { openCardPictures } from './cards/card-pictures.ts'
import { openChannelPacer } from './cards/channel-pacer.ts'
import { registerChartRoute } from './charts/chart-route.ts'
import { linkedChartsOf } from './charts/linked-charts.ts'
import type { AppDeps } from './deps.ts'
import { openHomePublisher } from './home/publish-home.ts'
import { registerInstall } from './install/routes.ts'
import { type OnboardingLoop, runOnboarding } from './onboarding/run-onboarding.ts'
import { type Outbox, runOutbox } from './outbox/run-outbox.ts'
import { slackClients } from './slack/slack-of.ts'
import { openTokenKeeper } from './slack/token-keeper.ts'

export interface SlackApp {
  readonly server: FastifyInstance
  /** In Socket Mode, asks Slack for the connection by which its requests come; nothing otherwise. */
  listenOnSocket(): Promise<void>
  /** Begins to tell Slack what is in the outbox. */
  startOutbox(): Promise<Outbox>
  close(): Promise<void>
}

export function buildApp(deps: AppDeps): SlackApp {
  const tokenOf = openTokenKeeper(deps)
  const slackOf = slackClients({ ...deps, tokenOf })
  const home = openHomePublisher(deps, slackOf)
  let outbox: Outbox | null = null
  let onboarding: OnboardingLoop | null = null
  const bolt = buildBolt({ ...deps, home, tokenOf })
  const server = buildServer(deps, bolt)
  return {
    server,
    listenOnSocket: async () => {
      if (bolt.kind === 'socket') await bolt.start()
    },
    startOutbox: async () => {
      outbox = await runOutbox({
        ...deps,
        pacer: openChannelPacer(deps.now),
        slackOf,
        pictures: openCardPictures({ ...deps, slackOf }),
        told: home.refresh,
      })
      onboarding = await runOnboarding({
        ...deps,
        slackOf,
        showHome: home.publish,
        refreshHome: home.refresh,
      })
      return outbox
    },
    close: async () => {
      if (bolt.kind === 'socket') await bolt.stop()
      await server.close()
      await Promise.all([outbox?.stop(), onboarding?.stop()])
      home.stop()
    },
  }
}

function buildServer(deps: AppDeps, bolt: Bolt): FastifyInstance {
  // A signed link to a chart is one long part of a path.
  const server = Fastify({ forceCloseConnections: 'idle', routerOptions: { maxParamLength: 700 } })

  // Bolt reads and verifies the raw body itself, so Fastify must not touch it.
  server.register((slack, _options, done) => {
    if (bolt.kind === 'socket') return done()
    slack.removeAllContentTypeParsers()
    slack.addContentTypeParser('*', (_request, _payload, parsed) => parsed(null))
    slack.post(SLACK_EVENTS_PATH, (request, reply) => {
      reply.hijack()
      bolt.requestListener(request.raw, reply.raw)
    })
    done()
  })

  const { oauth } = deps
  if (oauth !== null) registerInstall(server, { ...deps, oauth })
  if (deps.publicAppUrl !== null) registerChartRoute(server, { ...deps, chartOf: linkedChartsOf(deps) })

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
