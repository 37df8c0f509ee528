/** `npm start`: the whole product on this machine, until Ctrl-C. */
import { mkdir } from 'node:fs/promises'
import { lockFolder } from '../db/folder-lock.ts'
import { type LocalConfig, parseLocalConfig } from './config.ts'
import { greeting } from './greeting.ts'
import { type Product, startProduct } from './product.ts'
import { readRunning } from './running.ts'

const tell = (sentence: string) => process.stdout.write(`${sentence}\n`)

async function main(): Promise<number> {
  const parsed = parseLocalConfig(process.env, process.cwd())
  if (parsed.kind === 'bad') return fail(parsed.problems)
  const { config } = parsed
  await mkdir(config.dir, { recursive: true })
  const lock = await lockFolder(config.dir)
  if (lock.kind === 'held') return fail([await alreadyRunning(config, lock.by)])
  const stopAsked = untilAskedToStop()
  try {
    while ((await serveOnce(config, stopAsked)) === 'store_died') tell('Starting everything again.')
    return 0
  } finally {
    await lock.release()
  }
}

/** Serves until a person stops it or an embedded store dies; either way everything has ended when this resolves. */
async function serveOnce(config: LocalConfig, stopAsked: Promise<void>): Promise<'stopped' | 'store_died'> {
  const startedAt = Date.now()
  tell('Starting LensAI ...')
  const product = await startProduct(config, { now: () => new Date(), pid: process.pid, tell })
  tell(greeting(product, { dir: config.dir, tookMs: Date.now() - startedAt }))
  const dead = await Promise.race([stopAsked.then(() => null), storeThatDies(product)])
  tell(dead === null ? '\nStopping ...' : `${dead} ended unexpectedly.`)
  await product.stop()
  return dead === null ? 'stopped' : 'store_died'
}

/** The name of the first embedded store that ends; pending for as long as all live. */
function storeThatDies(product: Product): Promise<string> {
  const ends = [...product.embedded].map(([name, store]) => store.ended.then(() => name))
  return Promise.race([new Promise<never>(() => undefined), ...ends])
}

function untilAskedToStop(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => resolve())
  })
}

async function alreadyRunning(config: LocalConfig, by: string): Promise<string> {
  const running = await readRunning(config.dir)
  const where = running?.sandboxUrl ? ` and serves ${running.sandboxUrl}` : ''
  return `LensAI already runs on ${config.dir} (${by})${where}: use that one, stop it with Ctrl-C, or set LENS_DIR to another folder`
}

function fail(problems: readonly string[]): number {
  for (const problem of problems) process.stderr.write(`${problem}\n`)
  return 1
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
    process.exit(1)
  },
)
