/** A client of the verdict stream that reads it as the standard says, and waits for what it is told. */
export interface VerdictListener {
  readonly verdicts: readonly HeardVerdict[]
  readonly comments: () => number
  /** Every event, as the standard reads it. */
  readonly events: readonly HeardEvent[]
  /** The next verdict, heard or still to come, that `fits`; rejects when the stream ends before. */
  waitFor(fits: (verdict: HeardVerdict) => boolean): Promise<HeardVerdict>
  /** Resolves when the server has ended the stream. */
  readonly ended: Promise<void>
  close(): void
}

export interface HeardEvent {
  readonly name: string
  readonly id: string | null
  readonly data: string
}

export interface HeardVerdict {
  readonly allowed: boolean
  readonly as_of: string
  readonly age_ms: number
  readonly budgets: readonly {
    readonly state: string
    readonly stopped_by: string | null
    readonly since: string | null
    readonly spent_nano_usd: string
    readonly remaining_nano_usd: string
    readonly until: string | null
  }[]
}

export async function listenToVerdicts(url: string, key: string, has?: string): Promise<VerdictListener> {
  const aborting = new AbortController()
  const response = await fetch(`${url}/v1/verdicts/stream`, {
    headers: { authorization: `Bearer ${key}`, ...(has === undefined ? {} : { 'last-event-id': has }) },
    signal: aborting.signal,
  })
  if (response.status !== 200 || !response.body) {
    await response.body?.cancel()
    throw new Error(`the stream answered ${response.status}`)
  }
  const verdicts: HeardVerdict[] = []
  const events: HeardEvent[] = []
  const waiting = new Set<() => void>()
  let comments = 0
  let isOver = false
  const hear = (block: string): void => {
    if (block.startsWith(':')) comments += 1
    const event = eventOf(block)
    if (event !== null) events.push(event)
    if (event?.name === 'verdict') verdicts.push(JSON.parse(event.data))
    for (const look of [...waiting]) look()
  }
  const body = response.body
  const reading = (async () => {
    const decoder = new TextDecoder()
    let text = ''
    for await (const chunk of body) {
      text += decoder.decode(chunk, { stream: true })
      for (let end = text.indexOf('\n\n'); end !== -1; end = text.indexOf('\n\n')) {
        hear(text.slice(0, end))
        text = text.slice(end + 2)
      }
    }
  })()
  const ended = reading
    .catch(() => undefined)
    .then(() => {
      isOver = true
      for (const look of [...waiting]) look()
    })
  let heard = 0
  return {
    verdicts,
    events,
    comments: () => comments,
    ended,
    close: () => aborting.abort(),
    waitFor: (fits) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          for (; heard < verdicts.length; heard++) {
            const verdict = verdicts[heard]
            if (!verdict || !fits(verdict)) continue
            waiting.delete(look)
            heard += 1
            resolve(verdict)
            return
          }
          if (isOver) {
            waiting.delete(look)
            reject(new Error('the stream ended before'))
          }
        }
        waiting.add(look)
        look()
      }),
  }
}

function eventOf(block: string): HeardEvent | null {
  const fields = new Map<string, string>()
  for (const line of block.split('\n')) {
    const [, name, value] = /^(\w+): ?(.*)$/.exec(line) ?? []
    if (name !== undefined && value !== undefined) fields.set(name, value)
  }
  const data = fields.get('data')
  return data === undefined
    ? null
    : { name: fields.get('event') ?? 'message', id: fields.get('id') ?? null, data }
}
