/**
 * A TCP port on 127.0.0.1 that was free a moment ago.
 * Another process can take it before the server does: callers try again with a new one when theirs cannot bind.
 */
import { createServer } from 'node:net'

export function findFreePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => {
        if (address === null || typeof address === 'string') reject(new Error('no TCP address was assigned'))
        else resolve(address.port)
      })
    })
  })
}
