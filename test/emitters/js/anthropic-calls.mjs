/** Two calls of Anthropic's own package, which reports cached tokens beside the input and not inside it. */
import { settings } from './telemetry.mjs'

export async function makeAnthropicCalls(Anthropic) {
  const client = new Anthropic({ apiKey: 'sk-ant-test', baseURL: settings.provider_url, maxRetries: 0 })
  const request = {
    model: 'claude-sonnet-4-5',
    max_tokens: 64,
    messages: [{ role: 'user', content: `${settings.secret} is kept` }],
  }
  await client.messages.create(request)
  const stream = await client.messages.create({ ...request, stream: true })
  for await (const _ of stream);
}
