/** One call of gpt-4o, sent to ingest as a client sends it; resolves with the 202. */
export async function sendCall(
  port: number,
  apiKey: string,
  { id, tokensIn }: { readonly id: string; readonly tokensIn: number },
): Promise<void> {
  const event = {
    ...{ request_id: id, ts: new Date().toISOString(), provider: 'openai', model: 'gpt-4o' },
    ...{ tokens_in: tokensIn, tokens_out: 0, latency_ms: 900 },
  }
  const answer = await fetch(`http://127.0.0.1:${port}/v1/events`, {
    method: 'POST',
    headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
    body: JSON.stringify({ events: [event] }),
  })
  const text = await answer.text()
  if (answer.status !== 202) throw new Error(`ingest answered ${answer.status}: ${text}`)
}
