/**
 * The sockets of the folder lock: listening on one, and asking another whether its process lives and holds.
 * A socket's path may have about 100 bytes, and a data folder's path may be longer: then it is reached through a
 * short link in the temporary folder, while the socket itself stays in the data folder, where every user of the
 * folder finds it, whatever its own temporary folder is.
 */
import { mkdtemp, rm, symlink } from 'node:fs/promises'
import net from 'node:net'
import os from 'node:os'
import path from 'node:path'

/**
 * `dead`: nobody listens. `silent`: somebody listens but did not say more in time, as when stopped or very busy.
 * `forbidden`: it belongs to another user, so that nobody can tell.
 */
export type SocketAnswer = 'holder' | 'contender' | 'dead' | 'silent' | 'forbidden'

export interface ListeningSocket {
  becomeHolder(): void
  close(): Promise<void>
}

const ANSWER_TIMEOUT_MS = 1_000
/** macOS allows 103 bytes, Linux 107. */
const PATH_BYTES_MAX = 100

export async function listenOnSocket(folder: string, name: string): Promise<ListeningSocket> {
  let state: 'contender' | 'holder' = 'contender'
  const server = net.createServer((connection) => {
    connection.on('error', () => connection.destroy())
    // Destroyed once sent: an asker that is stopped must not keep the holder from closing.
    connection.end(state, () => connection.destroy())
    connection.unref()
  })
  await throughShortPath(folder, name, (address) => listen(server, address))
  server.unref()
  return {
    becomeHolder: () => {
      state = 'holder'
    },
    close: async () => {
      await rm(path.join(folder, name), { force: true })
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}

export const askSocket = (folder: string, name: string): Promise<SocketAnswer> =>
  throughShortPath(folder, name, ask)

function listen(server: net.Server, address: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(address, () => {
      server.removeListener('error', reject)
      resolve()
    })
  })
}

function ask(address: string): Promise<SocketAnswer> {
  return new Promise((resolve, reject) => {
    let heard = ''
    const connection = net.connect(address)
    connection.setTimeout(ANSWER_TIMEOUT_MS, () => settle('silent'))
    connection.on('data', (chunk) => {
      heard += chunk.toString()
    })
    // One that hung up without a word was closing: it counts as contending until the next look.
    connection.on('end', () => settle(heard === 'holder' ? 'holder' : 'contender'))
    connection.on('error', (error: NodeJS.ErrnoException) => {
      const answer = answerOfError(error.code)
      if (answer === null) reject(error)
      else settle(answer)
    })
    const settle = (answer: SocketAnswer) => {
      connection.destroy()
      resolve(answer)
    }
  })
}

function answerOfError(code: string | undefined): SocketAnswer | null {
  switch (code) {
    case 'ECONNREFUSED':
    case 'ENOENT':
      return 'dead'
    case 'EAGAIN':
      return 'silent'
    case 'EACCES':
    case 'EPERM':
      return 'forbidden'
    case 'ECONNRESET':
    case 'EPIPE':
      return 'contender'
    default:
      return null
  }
}

async function throughShortPath<Result>(
  folder: string,
  name: string,
  use: (address: string) => Promise<Result>,
): Promise<Result> {
  const direct = path.join(folder, name)
  if (Buffer.byteLength(direct) <= PATH_BYTES_MAX) return await use(direct)
  const temporary = await mkdtemp(path.join(os.tmpdir(), 'lock-'))
  try {
    const link = path.join(temporary, 'd')
    await symlink(folder, link)
    return await use(path.join(link, name))
  } finally {
    await rm(temporary, { recursive: true, force: true })
  }
}
