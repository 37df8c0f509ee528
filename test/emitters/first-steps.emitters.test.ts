/** What the first steps in Slack tell people of Node to paste, run as it stands there. */
import { execFile } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { openProviderStandIn, type ProviderStandIn } from '../../sandbox/provider/open-provider.ts'
import { type IngestGround, layIngestGround } from '../ingest/ingest-ground.ts'
import { journaledFrom } from '../ingest/journaled.ts'
import { snippetCode } from '../snippet-code.ts'
import { makeRunFolder, type RunFolder } from '../stores/run-folder.ts'

/** Where `npm install` has put what the snippet names. */
const PACKAGES = fileURLToPath(new URL('js/node_modules', import.meta.url))
/** A person's own: one call, and the end. */
const APP = `
const OpenAI = require('openai').default
new OpenAI().chat.completions
  .create({ model: 'gpt-4o-mini', messages: [{ role: 'user', content: 'Hello' }] })
  .then(({ usage }) => console.log(usage.prompt_tokens, usage.completion_tokens))
`

let ground: IngestGround
let provider: ProviderStandIn
let folder: RunFolder
beforeAll(async () => {
  ground = await layIngestGround({ now: () => new Date() })
  provider = await openProviderStandIn({ port: 0, now: () => new Date() })
  folder = await makeRunFolder('lens-first-steps-')
})
afterAll(async () => {
  await folder.remove()
  await provider.close()
  await ground.close()
})

it('the lines for Node count the one call of a program that ends right after it', async () => {
  const { url, key } = ground
  const [shell = ''] = snippetCode('In your shell', { ingestUrl: url, key })
  const [install = '', telemetry = ''] = snippetCode('Node', { ingestUrl: url, key })
  for (const [, name = ''] of telemetry.matchAll(/require\('([^']+)'\)/g)) expect(install).toContain(name)
  await writeFile(path.join(folder.path, 'telemetry.cjs'), telemetry)
  await writeFile(path.join(folder.path, 'app.cjs'), APP)
  const { stdout } = await promisify(execFile)(
    'bash',
    ['--norc', '-c', `${shell}\nnode --require ./telemetry.cjs app.cjs`],
    {
      cwd: folder.path,
      env: {
        ...{ PATH: process.env.PATH, NODE_PATH: PACKAGES },
        ...{ OPENAI_API_KEY: 'sk-of-the-newcomer', OPENAI_BASE_URL: `${provider.url}/v1` },
      },
    },
  )
  const [tokensIn, tokensOut] = stdout.trim().split(' ').map(Number)
  const events = (await journaledFrom(ground.journal, 0)).map(({ event }) => event)
  expect(events).toMatchObject([
    { provider: 'openai', status: 'ok', tokens: { in: tokensIn, out: tokensOut } },
  ])
  expect(events[0]?.model).toMatch(/^gpt-4o-mini/)
})
