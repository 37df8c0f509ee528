/**
 * `npm run bench -- NAME [arguments]`: one benchmark, as a file of this folder or the run.ts of a folder below it.
 * Invariant: people read the lines before the last; the last line of stdout is one JSON object.
 */
import { access, readdir } from 'node:fs/promises'

type Benchmark = (args: readonly string[]) => Promise<Readonly<Record<string, unknown>>>

async function main([name, ...args]: readonly string[]): Promise<number> {
  const run = name === undefined ? null : await find(name)
  if (run === null) {
    const said = name === undefined ? 'which benchmark?' : `there is no benchmark "${name}";`
    process.stderr.write(
      `${said} npm run bench -- NAME, where NAME is one of: ${(await names()).join(', ')}\n`,
    )
    return 1
  }
  const figures = await run(args)
  process.stdout.write(`${JSON.stringify(figures)}\n`)
  return process.exitCode === undefined ? 0 : Number(process.exitCode)
}

async function find(name: string): Promise<Benchmark | null> {
  if (!/^[a-z0-9-]+$/.test(name) || name === 'main') return null
  for (const file of [`${name}.ts`, `${name}/run.ts`]) {
    const url = new URL(file, import.meta.url)
    const exists = await access(url).then(
      () => true,
      () => false,
    )
    if (!exists) continue
    const module: Readonly<Record<string, unknown>> = await import(url.href)
    if (isBenchmark(module.run)) return module.run
  }
  return null
}

const isBenchmark = (value: unknown): value is Benchmark => typeof value === 'function'

/** What is beside a benchmark, such as its tests, is none: only what can be run is named. */
async function names(): Promise<string[]> {
  const entries = await readdir(new URL('.', import.meta.url), { withFileTypes: true })
  const candidates = entries.map((entry) =>
    entry.isDirectory() ? entry.name : entry.name.replace(/\.ts$/, ''),
  )
  const found = await Promise.all(candidates.map(async (name) => ((await find(name)) === null ? [] : [name])))
  return [...new Set(found.flat())].sort()
}

main(process.argv.slice(2)).then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
    process.exit(1)
  },
)
