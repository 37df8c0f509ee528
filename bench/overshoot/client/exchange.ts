/** One JSON request over connections that are kept, and its answer; null when no whole answer came in time. */
import { type Agent, request } from 'node:http'

export interface Answer {
  readonly status: number
  readonly body: unknown
  readonly retryAfterMs: number | null
}

export interface Server {
  readonly url: string
  readonly apiKey: string
  readonly agent: Agent
}

export function postJson(
  { url, apiKey, agent }: Server,
  path: string,
  { body, timeoutMs }: { readonly body: string; readonly timeoutMs: number },
): Promise<Answer | null> {
  return new Promise((resolve) => {
    const headers = {
      authorization: `Bearer ${apiKey}`,
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
    }
    const asking = request(`${url}${path}`, { method: 'POST', agent, headers }, (response) => {
      let text = ''
      response.setEncoding('utf8')
      response.on('data', (piece: string) => {
        text += piece
      })
      response.on('error', () => end(null))
      response.on('end', () => {
        const retryAfterS = Number(response.headers['retry-after'] ?? Number.NaN)
        const retryAfterMs = Number.isFinite(retryAfterS) ? retryAfterS * 1000 : null
        end({ status: response.statusCode ?? 0, body: parse(text), retryAfterMs })
      })
    })
    const end = (answer: Answer | null) => {
      clearTimeout(timer)
      resolve(answer)
    }
    const timer = setTimeout(() => asking.destroy(new Error('no answer in time')), timeoutMs)
    asking.on('error', () => end(null))
    asking.end(body)
  })
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
