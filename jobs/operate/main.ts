/** `npm run keys`, `npm run rules` and `npm run webhooks`: what an operator sees and sets in Postgres, and who did it. */
import { hostname, userInfo } from 'node:os'
import { readKeyring } from '../../core/keyring-setting.ts'
import { HTTP_PROTOCOLS, POSTGRES_PROTOCOLS, readSettings } from '../../core/settings.ts'
import { readAllowLoopback } from '../../core/webhook/loopback-setting.ts'
import { openPostgres } from '../../db/postgres/open.ts'
import { type InstallsAsked, parseInstallsArguments, runLink, runList } from '../installs/run-installs.ts'
import { runSteps } from '../installs/run-steps.ts'
import { parseKeysArguments } from '../keys/arguments.ts'
import { runKeys } from '../keys/run-keys.ts'
import { parseRulesArguments } from '../rules/arguments.ts'
import { runRules } from '../rules/run-rules.ts'
import { parseWebhooksArguments, type WebhooksAsked } from '../webhooks/arguments.ts'
import { runWebhooks } from '../webhooks/run-webhooks.ts'
import type { Operation, Operator } from './operation.ts'

const HINT = 'beside a running `npm start`, this sets it: set -a; . .lens/env; set +a'

async function main(): Promise<number> {
  const [command, ...words] = process.argv.slice(2)
  const now = () => new Date()
  if (command === 'keys') {
    const asked = parseKeysArguments(words, now())
    return asked.kind === 'bad' ? fail([asked.problem]) : await run(asked.by, (of) => runKeys(asked, of))
  }
  if (command === 'rules') {
    const asked = parseRulesArguments(words)
    return asked.kind === 'bad' ? fail([asked.problem]) : await run(asked.by, (of) => runRules(asked, of))
  }
  if (command === 'webhooks') {
    const asked = parseWebhooksArguments(words, now())
    return asked.kind === 'bad' ? fail([asked.problem]) : await webhooks(asked)
  }
  if (command === 'installs') {
    const asked = parseInstallsArguments(words)
    return asked.kind === 'bad' ? fail([asked.problem]) : await installs(asked)
  }
  return fail([
    'usage: npm run keys -- VERB, npm run rules -- SUBJECT, npm run webhooks -- VERB, or npm run installs -- VERB',
  ])
}

async function installs(asked: InstallsAsked): Promise<number> {
  if (asked.kind === 'list') return await run(null, runList)
  if (asked.kind === 'steps') return await run(null, runSteps)
  const settings = readSettings(process.env)
  const making = settings.finish({
    keyring: readKeyring(settings),
    publicUrl: settings.requiredUrl('PUBLIC_APP_URL', HTTP_PROTOCOLS).replace(/\/$/, ''),
  })
  if (making.kind === 'bad') return fail([...making.problems, HINT])
  return await run(null, (operator) => runLink(asked, operator, making.config))
}

/** Only what makes a secret has to be able to seal it. */
async function webhooks(asked: WebhooksAsked): Promise<number> {
  if (asked.kind !== 'add' && asked.kind !== 'rotate') {
    return await run(asked.by, (of) => runWebhooks(asked, { ...of, sealing: null }))
  }
  const settings = readSettings(process.env)
  const sealing = settings.finish({
    keyring: readKeyring(settings),
    allowLoopback: readAllowLoopback(settings),
  })
  if (sealing.kind === 'bad') return fail([...sealing.problems, HINT])
  return await run(asked.by, (of) => runWebhooks(asked, { ...of, sealing: sealing.config }))
}

async function run(by: string | null, operate: (operator: Operator) => Promise<Operation>): Promise<number> {
  const settings = readSettings(process.env)
  const parsed = settings.finish({ url: settings.requiredUrl('DATABASE_URL', POSTGRES_PROTOCOLS) })
  if (parsed.kind === 'bad') return fail([...parsed.problems, HINT])
  const postgres = openPostgres(parsed.config.url, { connectionsMax: 2 })
  try {
    const who = by ?? `${userInfo().username}@${hostname()}`
    const operation = await operate({ postgres, now: () => new Date(), by: who })
    if (operation.kind === 'failed') return fail(operation.problems)
    for (const line of operation.lines) process.stdout.write(`${line}\n`)
    for (const note of operation.notes ?? []) process.stderr.write(`${note}\n`)
    return 0
  } finally {
    await postgres.close()
  }
}

function fail(problems: readonly string[]): number {
  for (const problem of problems) process.stderr.write(`${problem}\n`)
  return 1
}

/** A failed statement is told by its cause: its own message repeats the values. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error)
  if (error.cause instanceof Error) return reasonOf(error.cause)
  return error instanceof AggregateError && error.message === '' ? reasonOf(error.errors[0]) : error.message
}

main().then(
  (code) => {
    // Not process.exit: a pipe may still have to take what was printed.
    process.exitCode = code
  },
  (error: unknown) => {
    process.exitCode = fail([reasonOf(error)])
  },
)
