/** `npx tsx bench/profile/main.ts FILE.cpuprofile...`: the functions in which each thread spent most of its time. */
import { readFile } from 'node:fs/promises'
import { type Profile, topSelf } from './top-self.ts'

const ROWS_MAX = 30

async function main(files: readonly string[]): Promise<number> {
  if (files.length === 0) {
    process.stderr.write('usage: npx tsx bench/profile/main.ts FILE.cpuprofile...\n')
    return 1
  }
  for (const file of files) {
    const profile: Profile = JSON.parse(await readFile(file, 'utf8'))
    const { busyMs, rows } = topSelf(profile, ROWS_MAX)
    process.stdout.write(`${file}: ${(busyMs / 1000).toFixed(1)} s busy\n`)
    for (const { name, ms, percent } of rows) {
      process.stdout.write(`${percent.toFixed(1).padStart(6)}%  ${ms.toFixed(0).padStart(7)} ms  ${name}\n`)
    }
  }
  return 0
}

main(process.argv.slice(2)).then(
  (code) => process.exit(code),
  (error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
    process.exit(1)
  },
)
