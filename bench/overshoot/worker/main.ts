/** A process that holds some of the clients of each case, each with connections of its own. */
import { Agent } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { serveOrders } from '../child.ts'
import { type Client, type ClientNotes, openClient } from '../client/open-client.ts'
import { nowMs } from '../clock.ts'
import type { Due, FromClients, Opening, ToClients } from '../orders.ts'

const clients = new Map<number, Client>()

const broken = serveOrders<ToClients, FromClients>(async (order) => {
  switch (order.kind) {
    case 'open':
      await open(order)
      return { kind: 'open' }
    case 'replay':
      await replay(order.due, order.beginsAtMs)
      return { kind: 'replayed' }
    case 'finish':
      return { kind: 'finished', notes: await finish() }
  }
})

async function open({ clients: opened, providerUrl, ...options }: Opening): Promise<void> {
  const provider = { url: providerUrl, apiKey: 'sandbox', agent: new Agent({ keepAlive: true }) }
  for (const { client, lensUrl } of opened) {
    clients.set(client, openClient({ ...options, client, lensUrl, provider, broken }))
  }
  await Promise.all([...clients.values()].map(({ ready }) => ready))
}

async function finish(): Promise<ClientNotes[]> {
  const notes = await Promise.all([...clients.values()].map((client) => client.finish()))
  clients.clear()
  return notes
}

/** Each call when it is due, whatever became of those before it. */
async function replay(due: readonly Due[], beginsAtMs: number): Promise<void> {
  const calls: Promise<void>[] = []
  for (const { client, afterMs, ...request } of due) {
    const earlyMs = beginsAtMs + afterMs - nowMs()
    if (earlyMs > 0) await sleep(earlyMs)
    const call =
      clients.get(client)?.call(request) ?? Promise.reject(new Error(`no client ${client} is here`))
    call.catch(broken)
    calls.push(call)
  }
  await Promise.all(calls)
}
