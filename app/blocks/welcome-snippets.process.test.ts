import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { Script } from 'node:vm'
import { expect, it } from 'vitest'
import { parseBatch } from '../../core/event/parse-batch.ts'
import { snippetCode } from '../../test/snippet-code.ts'
import { LINE_CHARS_MAX } from './welcome-snippets.ts'

const run = promisify(execFile)

const facts = { ingestUrl: 'https://ingest.example.com', key: 'lens_k' }
const codeIn = (title: string): string[] => snippetCode(title, facts)

it('the lines for curl, pasted after those for the shell, send one event that is accepted', async () => {
  const [shell = ''] = codeIn('In your shell')
  const [curl = ''] = codeIn('curl')
  // In place of curl, what shows how it was called.
  const script = `${shell}\ncurl() { printf '%s\\n' "$@" >&2; cat; }\n${curl}\n`
  const { stdout, stderr } = await run('bash', ['--norc', '-c', script])
  expect(stderr).toContain('https://ingest.example.com/v1/events')
  expect(stderr).toContain('Authorization: Bearer lens_k')
  const parsed = parseBatch(JSON.parse(stdout), { receivedAt: new Date() })
  expect(parsed.kind === 'batch' ? parsed.rejected : parsed).toEqual([])
})

it('the lines for OpenTelemetry give any exporter the address and the key', async () => {
  const [[shell = ''], [otlp = '']] = [codeIn('In your shell'), codeIn('OpenTelemetry')]
  const asked = 'echo "$OTEL_EXPORTER_OTLP_ENDPOINT $OTEL_EXPORTER_OTLP_HEADERS"'
  const { stdout } = await run('bash', ['--norc', '-c', `${shell}\n${otlp}\n${asked}`])
  expect(stdout).toBe('https://ingest.example.com Authorization=Bearer%20lens_k\n')
})

it('the lines for Node are JavaScript', () => {
  const [, node = ''] = codeIn('Node')
  expect(node).toContain('registerInstrumentations')
  expect(() => new Script(`(require) => {${node}}`)).not.toThrow()
})

it('no line but those with an address or a key is longer than a modal is wide', () => {
  const lines = ['Python', 'Node', 'OpenTelemetry', 'curl'].flatMap(codeIn).join('\n').split('\n')
  expect(lines.length).toBeGreaterThan(30)
  const long = lines.filter((line) => line.length > LINE_CHARS_MAX && !line.includes('https://'))
  expect(long).toEqual([])
})
