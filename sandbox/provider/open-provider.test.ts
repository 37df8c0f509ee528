import { fork } from 'node:child_process'
import { once } from 'node:events'
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { isObject } from './body-reader.ts'
import { openProviderStandIn, type ProviderStandIn } from './open-provider.ts'

let provider: ProviderStandIn
beforeAll(async () => {
  provider = await openProviderStandIn({ port: 0, now: () => new Date() })
})
afterAll(() => provider.close())

const post = (path: string, body: unknown, headers: Record<string, string> = { authorization: 'Bearer k' }) =>
  fetch(provider.url + path, { method: 'POST', headers, body: JSON.stringify(body) })

async function chatJson(body: object): Promise<Record<string, unknown>> {
  const answer: unknown = await (await post('/v1/chat/completions', body)).json()
  if (!isObject(answer)) throw new Error('no object')
  return answer
}

/** The data of each event of a stream, parsed. */
async function eventsOf(response: Response): Promise<unknown[]> {
  const blocks = (await response.text()).split('\n\n').filter((block) => block !== '')
  const data = blocks.map(
    (block) =>
      block
        .split('\n')
        .find((line) => line.startsWith('data: '))
        ?.slice(6) ?? '',
  )
  return data.filter((text) => text !== '[DONE]').map((text): unknown => JSON.parse(text))
}

const hello = { model: 'gpt-4o', messages: [{ role: 'user', content: 'Answer in 5 tokens. Please do' }] }

describe('the stand-in for the provider', () => {
  it('answers with the usage that its stated tokenizer gives, streamed or not, however long the prompt', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 50 }),
        fc.integer({ min: 1, max: 30 }),
        fc.option(fc.integer({ min: 1, max: 40 }), { nil: undefined }),
        fc.boolean(),
        async (extraWords, asked, tokensMax, inOneWord) => {
          const opening = inOneWord ? `answer:${asked}` : `Answer in ${asked} tokens.`
          const content = [opening, ...Array(extraWords).fill('word')].join(' ')
          const request = {
            model: 'gpt-4o',
            messages: [{ role: 'user', content }],
            ...(tokensMax === undefined ? {} : { max_tokens: tokensMax }),
          }
          const whole = await chatJson(request)
          const streamed = await eventsOf(
            await post('/v1/chat/completions', {
              ...request,
              stream: true,
              stream_options: { include_usage: true },
            }),
          )
          const completion = Math.min(asked, tokensMax ?? asked)
          const usage = {
            prompt_tokens: (inOneWord ? 1 : 4) + extraWords,
            completion_tokens: completion,
            total_tokens: (inOneWord ? 1 : 4) + extraWords + completion,
          }
          const finish = completion < asked ? 'length' : 'stop'
          expect(whole.usage).toMatchObject(usage)
          expect(whole.choices).toMatchObject([{ finish_reason: finish }])
          expect(streamed.at(-1)).toMatchObject({ choices: [], usage })
          expect(streamed.at(-2)).toMatchObject({ choices: [{ finish_reason: finish }], usage: null })
          expect(streamed).toHaveLength(completion + 3)
        },
      ),
      { numRuns: 30 },
    )
  })

  it('answers 64 tokens when nothing is asked, as the snapshot of the model that was named', async () => {
    const answer = await chatJson({ ...hello, messages: [{ role: 'user', content: 'Hi' }] })
    expect(answer.usage).toMatchObject({ prompt_tokens: 1, completion_tokens: 64 })
    expect(answer.model).toBe('gpt-4o-2024-08-06')
  })

  it('sends no usage in a stream that did not ask for it', async () => {
    const events = await eventsOf(await post('/v1/chat/completions', { ...hello, stream: true }))
    expect(JSON.stringify(events)).not.toContain('usage')
  })

  it('answers responses and embeddings with their own usage', async () => {
    const request = { model: 'gpt-4o', input: 'Answer in 3 tokens.', instructions: 'Be kind' }
    const events = await eventsOf(await post('/v1/responses', { ...request, stream: true }))
    const usage = { input_tokens: 6, output_tokens: 3, total_tokens: 9 }
    expect(events.at(-1)).toMatchObject({ type: 'response.completed', response: { usage } })
    expect(events.map((event) => isObject(event) && event.sequence_number)).toEqual(
      events.map((_, index) => index),
    )
    expect(await (await post('/v1/responses', request)).json()).toMatchObject({ usage })
    const embedded = await post('/v1/embeddings', {
      model: 'text-embedding-3-small',
      input: ['one two', 'three'],
    })
    expect(await embedded.json()).toMatchObject({ usage: { prompt_tokens: 3, total_tokens: 3 } })
  })

  it.each([
    ['no key', hello, {}, 401, null],
    ['an unknown model', { ...hello, model: 'gpt-99' }, undefined, 404, 'model_not_found'],
    ['no messages', { model: 'gpt-4o' }, undefined, 400, 'invalid_type'],
    ['empty messages', { ...hello, messages: [] }, undefined, 400, 'empty_array'],
    [
      'a message without a role',
      { ...hello, messages: [{ content: 'x' }] },
      undefined,
      400,
      'missing_required_parameter',
    ],
    ['a message without content', { ...hello, messages: [{ role: 'user' }] }, undefined, 400, 'invalid_type'],
    ['max_tokens of 0', { ...hello, max_tokens: 0 }, undefined, 400, 'integer_below_min_value'],
    ['an unknown argument', { ...hello, max_token: 3 }, undefined, 400, null],
    ['stream_options without a stream', { ...hello, stream_options: {} }, undefined, 400, null],
    ['an embedding model', { ...hello, model: 'text-embedding-3-small' }, undefined, 400, null],
  ])('refuses %s as OpenAI does, and counts no call', async (_, body, headers, status, code) => {
    const before = provider.calls().length
    const response = await post('/v1/chat/completions', body, headers)
    expect(response.status).toBe(status)
    expect(await response.json()).toMatchObject({
      error: { type: 'invalid_request_error', message: expect.any(String), code },
    })
    expect(provider.calls()).toHaveLength(before)
  })

  it('delays each token, records a call when it begins, and ends with its process', async () => {
    const child = fork(new URL('./main.ts', import.meta.url), {
      execArgv: ['--import', 'tsx'],
      env: {
        ...process.env,
        PROVIDER_PORT: '0',
        PROVIDER_FIRST_TOKEN_MS: '100',
        PROVIDER_PER_TOKEN_MS: '20',
      },
      stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    })
    try {
      const [ready]: unknown[] = await once(child, 'message')
      if (!isObject(ready) || typeof ready.url !== 'string') throw new Error('not ready')
      const began = Date.now()
      const answer = fetch(`${ready.url}/v1/chat/completions`, {
        method: 'POST',
        headers: { authorization: 'Bearer k' },
        body: JSON.stringify(hello),
      })
      await expect
        .poll(async () => (await fetch(`${ready.url}/_sandbox/calls`)).json())
        .toMatchObject({ count: 1, calls: [{ model: 'gpt-4o-2024-08-06' }] })
      await (await answer).text()
      expect(Date.now() - began).toBeGreaterThanOrEqual(195)
    } finally {
      child.kill('SIGTERM')
      if (child.exitCode === null) await once(child, 'exit')
    }
    expect(child.exitCode).toBe(0)
  })
})
