/**
 * Real ingest on a real Postgres, the provider that is called, and the processes that call it and tell of it.
 */
import { spawn } from 'node:child_process'
import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { inject } from 'vitest'
import type { PricedEvent } from '../../core/event/usage-event.ts'
import { nextOffsetOf, readCounted } from '../../db/postgres/journal-readers.ts'
import { openProviderStandIn } from '../../sandbox/provider/open-provider.ts'
import { layIngestGround } from '../ingest/ingest-ground.ts'
import { journaledFrom } from '../ingest/journaled.ts'
import { until } from '../waiting.ts'
import { type BilledCall, openRecordingProvider, REFUSED_KEY } from './recording-provider.ts'

/** Stands in every prompt. */
export const SECRET = 'xylophone'

export interface Emitter {
  /** `js/NAME.mjs` or `python/emit_NAME.py`. */
  readonly script: string
  readonly settings?: Readonly<Record<string, string>>
  /** Where it sends, when not to /v1/traces. */
  readonly path?: string
}

export interface Emitted {
  /** What the provider would bill, in the order of the calls. */
  readonly billed: readonly BilledCall[]
  /** What came of it into the journal. */
  readonly journaled: readonly PricedEvent[]
  /** What of that the ledger counts. */
  readonly counted: readonly PricedEvent[]
}

export interface EmittersGround {
  emit(emitter: Emitter): Promise<Emitted>
  /** Every byte of the journal, as text. */
  journalText(): Promise<string>
  close(): Promise<void>
}

const HERE = fileURLToPath(new URL('.', import.meta.url))

export async function layEmittersGround(): Promise<EmittersGround> {
  const ground = await layIngestGround({ now: () => new Date() })
  const standIn = await openProviderStandIn({ port: 0, now: () => new Date() })
  const provider = await openRecordingProvider(standIn.url)
  const { journal, postgres } = ground

  async function read(fromOffset: number): Promise<Pick<Emitted, 'journaled' | 'counted'>> {
    const nextOffset = journal.endOffset()
    await until('the ledger to have counted all', 10_000, async () => {
      return (await nextOffsetOf(postgres.tables, journal.journalId, 'ledger')) >= nextOffset
    })
    const records = (await journaledFrom(journal, 0)).slice(fromOffset)
    const range = { fromOffset: 0, nextOffset }
    const { notAdmitted } = await readCounted(postgres.tables, journal.journalId, range)
    const counted = records.filter((_, index) => !notAdmitted.has(fromOffset + index))
    return { journaled: records.map(({ event }) => event), counted: counted.map(({ event }) => event) }
  }

  return {
    async emit(emitter) {
      const fromOffset = journal.endOffset()
      await run(emitter, {
        export_url: `${ground.url}${emitter.path ?? '/v1/traces'}`,
        ingest_url: ground.url,
        api_key: ground.key,
        provider_url: provider.url,
        refused_key: REFUSED_KEY,
        secret: SECRET,
        ...emitter.settings,
      })
      return { billed: provider.takeCalls(), ...(await read(fromOffset)) }
    },
    async journalText() {
      const files = await readdir(ground.journalDir, { recursive: true, withFileTypes: true })
      const texts = files
        .filter((file) => file.isFile())
        .map((file) => readFile(path.join(file.parentPath, file.name), 'latin1'))
      return (await Promise.all(texts)).join('\n')
    },
    async close() {
      await provider.close()
      await standIn.close()
      await ground.close()
    },
  }
}

const RUN_WITHIN_MS = 60_000

async function run({ script }: Emitter, settings: Readonly<Record<string, string>>): Promise<void> {
  const { instrumentedPython, litellmPython } = inject('emitters')
  const python = script.includes('litellm') ? litellmPython : instrumentedPython
  const command = script.endsWith('.py') ? python : process.execPath
  const child = spawn(command, [path.join(HERE, script), JSON.stringify(settings)], {
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: RUN_WITHIN_MS,
    killSignal: 'SIGKILL',
    // LiteLLM would fetch its prices from the network.
    env: { ...process.env, PYTHONDONTWRITEBYTECODE: '1', LITELLM_LOCAL_MODEL_COST_MAP: 'True' },
  })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      said += chunk.toString()
    })
  }
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  if (code !== 0) throw new Error(`${script} ended with ${code}:\n${said.slice(-3000)}`)
}
