import { EventEmitter } from 'node:events'
import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { endInOrder } from './end-process.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

function aProcess() {
  const codes: number[] = []
  const events = new EventEmitter()
  return {
    codes,
    events,
    process: {
      once: (event: string, listener: () => void) => events.once(event, listener),
      exit: (code: number) => codes.push(code),
    },
  }
}
const failures: unknown[] = []
const onFailure = (error: unknown) => failures.push(error)

it('closes once, whoever asks and however often, and exits then', async () => {
  const { process, events, codes } = aProcess()
  let closed = 0
  const close = async () => {
    closed += 1
  }
  const end = endInOrder(process, { close, onFailure })
  events.emit('SIGTERM')
  events.emit('SIGINT')
  events.emit('disconnect')
  end(1)
  expect(codes).toEqual([])
  await vi.advanceTimersByTimeAsync(0)
  expect([closed, codes]).toEqual([1, [0]])
})

it('exits with the code that it is ended with from inside', async () => {
  const { process, codes } = aProcess()
  endInOrder(process, { close: async () => undefined, onFailure })(1)
  await vi.advanceTimersByTimeAsync(0)
  expect(codes).toEqual([1])
})

it('ends at once when its starter was gone before it had loaded, and not when it never had one', async () => {
  for (const [connected, exits] of [
    [false, [0]],
    [true, []],
    [undefined, []],
  ] as const) {
    const { process, codes } = aProcess()
    endInOrder({ ...process, connected }, { close: async () => undefined, onFailure })
    await vi.advanceTimersByTimeAsync(0)
    expect([connected, codes]).toEqual([connected, exits])
  }
})

it('does not wait for what hangs', async () => {
  const { process, events, codes } = aProcess()
  endInOrder(process, { close: () => new Promise(() => undefined), onFailure })
  events.emit('disconnect')
  await vi.advanceTimersByTimeAsync(9_000)
  expect(codes).toEqual([])
  await vi.advanceTimersByTimeAsync(1_000)
  expect(codes).toEqual([1])
})

it('says why it could not close, and exits with 1', async () => {
  const { process, events, codes } = aProcess()
  const broken = new Error('the pool is gone')
  endInOrder(process, { close: () => Promise.reject(broken), onFailure })
  events.emit('SIGTERM')
  await vi.advanceTimersByTimeAsync(0)
  expect([codes, failures.at(-1)]).toEqual([[1], broken])
})
