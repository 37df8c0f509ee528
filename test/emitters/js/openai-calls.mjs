/** The calls that every emitter on OpenAI's own package makes: four that are billed and one that is refused. */
import { settings } from './telemetry.mjs'

/** The journal is searched for this word: it stands in every prompt. */
const SECRET = settings.secret ?? 'hush'

export async function makeOpenAiCalls(OpenAI) {
  const baseURL = `${settings.provider_url}/v1`
  const client = new OpenAI({ apiKey: 'sk-test', baseURL, maxRetries: 0 })
  const messages = (words) => [
    { role: 'system', content: `You keep ${SECRET}.` },
    { role: 'user', content: `Answer in ${words} tokens. ${SECRET}` },
  ]
  await client.chat.completions.create({ model: 'gpt-4o', messages: messages(5), user: 'u-7' })
  const stream = await client.chat.completions.create({
    model: 'gpt-4o-mini',
    messages: messages(7),
    stream: true,
    stream_options: { include_usage: true },
  })
  for await (const _ of stream);
  await client.embeddings.create({
    model: 'text-embedding-3-small',
    input: `${SECRET} is kept`,
    encoding_format: 'float',
  })
  await client.responses.create({ model: 'gpt-4.1', input: `Answer in 9 tokens. ${SECRET}` })
  const refused = new OpenAI({ apiKey: settings.refused_key, baseURL, maxRetries: 0 })
  await refused.chat.completions.create({ model: 'gpt-4o', messages: messages(3) }).then(
    () => Promise.reject(new Error('the refused call was answered')),
    () => undefined,
  )
}
