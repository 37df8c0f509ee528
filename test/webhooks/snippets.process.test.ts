/** What docs/webhooks.md tells receivers to do is what they can do: its own code verifies what we sign. */
import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { mintWebhookSecret, signatureHeaders } from '../../core/webhook/signature.ts'

const run = promisify(execFile)
const BODY = '{"type":"budget.stopped","é":"☃"}'

async function snippetOf(language: string): Promise<string> {
  const text = await readFile('docs/webhooks.md', 'utf8')
  const [, code] = new RegExp(`\`\`\`${language}\n([\\s\\S]*?)\`\`\``).exec(text) ?? []
  if (code === undefined) throw new Error(`docs/webhooks.md holds no ${language}`)
  return code
}

/** Each runs the snippet on the message of its last argument, and prints whether it holds. */
const RUNNERS = {
  python: async (message: string) => {
    const code = `${await snippetOf('python')}
import json, sys
m = json.loads(sys.argv[1])
print(json.dumps(verify(m["secret"], m["headers"], m["body"].encode())))`
    return await run('python3', ['-c', code, message])
  },
  js: async (message: string) => {
    const code = `${await snippetOf('js')}
const m = JSON.parse(process.argv[1])
console.log(JSON.stringify(verify(m.secret, m.headers, Buffer.from(m.body))))`
    return await run(process.execPath, ['--input-type=module', '-e', code, message])
  },
} as const

async function verdicts(language: keyof typeof RUNNERS, messages: readonly object[]): Promise<unknown[]> {
  const outcomes = await Promise.all(messages.map((message) => RUNNERS[language](JSON.stringify(message))))
  return outcomes.map(({ stdout }) => JSON.parse(stdout))
}

describe.each(['python', 'js'] as const)('the %s of docs/webhooks.md', (language) => {
  it('holds what we signed, by either secret of a rotation, and nothing that was changed, forged or is old', async () => {
    const [old, current] = [mintWebhookSecret(), mintWebhookSecret()]
    const now = new Date()
    const headers = signatureHeaders({ id: 'msg_1', body: BODY }, [current, old], now)
    const anHourAgo = signatureHeaders(
      { id: 'msg_1', body: BODY },
      [current],
      new Date(now.getTime() - 3_600_000),
    )
    const messages = [
      { secret: current, headers, body: BODY },
      { secret: old, headers, body: BODY },
      { secret: mintWebhookSecret(), headers, body: BODY },
      { secret: current, headers, body: `${BODY} ` },
      { secret: current, headers: { ...headers, 'webhook-id': 'msg_2' }, body: BODY },
      { secret: current, headers: anHourAgo, body: BODY },
    ]
    expect(await verdicts(language, messages)).toEqual([true, true, false, false, false, false])
  })
})
