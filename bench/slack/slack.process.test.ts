/** The benchmark itself, as short as it can be: that it ends, that every command is answered, and that it says everything. */
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'

const cwd = fileURLToPath(new URL('../..', import.meta.url))
const bench = (...words: string[]) =>
  promisify(execFile)(process.execPath, ['--import', 'tsx', 'bench/main.ts', 'slack', ...words], { cwd })

const WAITS = [
  'command_to_answer_ms',
  'home_open_to_published_ms',
  'chart_request_to_file_ms',
  'crossing_to_card_ms',
  'home_open_to_pictures_ms',
]

it('says how long each answer takes, with real parts behind it', async () => {
  const { stdout } = await bench('--rows', '10000', '--rounds', '1')
  const figures = JSON.parse(stdout.trimEnd().split('\n').at(-1) ?? '')
  expect(Object.keys(figures)).toEqual([...WAITS, 'floor'])
  for (const wait of WAITS) {
    expect(figures[wait].p50).toBeGreaterThan(0)
    expect(figures[wait].p95).toBeGreaterThanOrEqual(figures[wait].p50)
  }
  expect(stdout).toMatch(/10000 calls seeded in \d+ s/)
}, 300_000)
