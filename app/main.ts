/** Starts the Slack app from its environment, says when it is ready, and ends in order when it is asked to. */
import { setTimeout as sleep } from 'node:timers/promises'
import pino from 'pino'
import { endInOrder } from '../core/end-process.ts'
import { openClickHouse } from '../db/clickhouse/open.ts'
import { openPostgres } from '../db/postgres/open.ts'
import { installBundledFonts } from './charts/fonts.ts'
import { prepareToDraw } from './charts/render.ts'
import { type AppConfig, parseAppConfig } from './config.ts'
import { buildApp } from './server.ts'
import { connectInstallation } from './slack/connect-installation.ts'
import { heedRetryAfter } from './slack/heed-retry-after.ts'

/** How long the first start waits for Slack before it says that it is ready; it goes on trying after that. */
const FIRST_CONTACT_MS = 3_000

async function main(config: AppConfig): Promise<void> {
  installBundledFonts(process.env)
  const log = pino({ level: config.logLevel, base: { part: 'app' } })
  const postgres = openPostgres(config.databaseUrl)
  const clickhouse = openClickHouse(config.clickhouseUrl)
  const now = () => new Date()
  const deps = { ...config, postgres, clickhouse, log, now, slackFetch: heedRetryAfter(now) }
  const app = buildApp(deps)
  const ending = new AbortController()
  let connecting: Promise<void> = Promise.resolve()

  endInOrder(process, {
    close: async () => {
      log.info('ending')
      ending.abort()
      await app.close()
      await connecting
      await clickhouse.close()
      await postgres.close()
    },
    onFailure: (error) => log.error({ err: error }, 'did not end cleanly'),
  })

  const url = await app.server.listen({ host: config.host, port: config.port })
  const drawing = prepareToDraw()
  drawing.catch((error: unknown) => log.warn({ err: error }, 'no chart can be drawn'))
  if (config.botToken !== null) {
    connecting = connectInstallation(deps, config.botToken, ending.signal)
    // Asked to end meanwhile, the sleep ends by an error; then there is nothing to start any more.
    const longEnough = sleep(FIRST_CONTACT_MS, undefined, { signal: ending.signal, ref: false })
    await Promise.race([connecting, longEnough.catch(() => undefined)])
    if (ending.signal.aborted) return
  }
  await app.listenOnSocket()
  await app.startOutbox()
  log.info({ url }, 'ready')
  process.send?.({ ready: true, url })
}

const parsed = parseAppConfig(process.env)
if (parsed.kind === 'bad') {
  process.stderr.write(
    `The Slack app cannot start:\n${parsed.problems.map((one) => `- ${one}`).join('\n')}\n`,
  )
  process.exitCode = 1
  if (process.connected) process.disconnect()
} else {
  main(parsed.config).catch((error: unknown) => {
    process.stderr.write(
      `The Slack app cannot start: ${error instanceof Error ? error.message : String(error)}\n`,
    )
    process.exit(1)
  })
}
