/** What a route decided to answer: as one body, or as server-sent events, one step a token. */
export interface ServerSentEvent {
  /** The name of the event; chat completions have none. */
  readonly event?: string
  /** Sent as JSON; a string is sent as it is. */
  readonly data: object | string
}

export interface Reply {
  readonly model: string
  readonly stream: boolean
  /** Before the first token. */
  readonly head: readonly ServerSentEvent[]
  /** Made when the token is due, so that a long answer is not held in memory. */
  readonly tokens: readonly (() => readonly ServerSentEvent[])[]
  readonly tail: readonly ServerSentEvent[]
  readonly whole: () => object
}

export const toWire = ({ event, data }: ServerSentEvent): string =>
  `${event === undefined ? '' : `event: ${event}\n`}data: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`
