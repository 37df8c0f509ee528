import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { Script } from 'node:vm'
import { expect, it } from 'vitest'
import { parseBatch } from '../../core/event/parse-batch.ts'
import { LINE_CHARS_MAX, snippetBlocks } from './welcome-snippets.ts'

const run = promisify(execFile)

/** What a person copies: Slack shows the three characters that it escapes as themselves. */
const codeIn = (title: string): string[] => {
  const facts = { ingestUrl: 'https://ingest.example.com', key: 'lens_k' }
  const texts = snippetBlocks(facts).map((block) =>
    block.type === 'section' ? (block.text?.text ?? '') : '',
  )
  const text = texts.find((one) => one.startsWith(`*${title}*`)) ?? ''
  return [...text.matchAll(/```([^`]*)```/g)].map(([, code = '']) =>
    code.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&'),
  )
}

it('the lines for curl, pasted after those for the shell, send one event that is accepted', async () => {
  const [shell = ''] = codeIn('In your shell')
  const [curl = ''] = codeIn('curl')
  // In place of curl, what shows how it was called.
  const script = `${shell}\ncurl() { printf '%s\\n' "$@" >&2; cat; }\n${curl}\n`
  const { stdout, stderr } = await run('bash', ['-c', script])
  expect(stderr).toContain('https://ingest.example.com/v1/events')
  expect(stderr).toContain('Authorization: Bearer lens_k')
  const parsed = parseBatch(JSON.parse(stdout), { receivedAt: new Date() })
  expect(parsed.kind === 'batch' ? parsed.rejected : parsed).toEqual([])
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
