/**
 * One process per data folder. The lock is a listening socket inside the folder: the kernel closes it with the
 * process, however that ends, so a restart after SIGKILL never waits and never guesses from a pid.
 *
 * Invariant: at most one live process holds a folder. Each starter first listens on a name of its own and then looks
 * at all the others; of any two, the one that listens later sees the earlier one and does not hold. Files of the
 * dead are removed only by the holder, and a starter whose own file is gone starts over.
 */
import { randomBytes } from 'node:crypto'
import { mkdir, readdir, realpath, rm } from 'node:fs/promises'
import path from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { askSocket, type ListeningSocket, listenOnSocket, type SocketAnswer } from './folder-lock-socket.ts'

export type FolderLock =
  | { readonly kind: 'locked'; readonly release: () => Promise<void> }
  /** `by` names the holder for people, such as `process 4711`. */
  | { readonly kind: 'held'; readonly by: string }

export async function lockFolder(dir: string): Promise<FolderLock> {
  const folder = path.join(await realpath(dir), '.lock')
  await mkdir(folder, { recursive: true })
  // The key stays the same over all tries, so that the starter with the lowest key is sure to get through.
  const name = `${randomBytes(6).toString('hex')}-${process.pid}.sock`
  for (;;) {
    const before = judge(await lookAtOthers(folder, name), name)
    if (before.kind === 'held') return before
    if (before.kind === 'wait') {
      await sleep(RETRY_MS)
      continue
    }
    const outcome = await contend(folder, name)
    if (outcome.kind !== 'again') return outcome
    await sleep(RETRY_MS)
  }
}

const RETRY_MS = 5

async function contend(folder: string, name: string): Promise<FolderLock | { kind: 'again' }> {
  const socket = await listenOnSocket(folder, name)
  try {
    for (;;) {
      const others = await lookAtOthers(folder, name)
      const ruling = judge(others, name)
      if (ruling.kind === 'held') return await withdraw(socket, ruling)
      const stillListed = (await socketNames(folder)).includes(name)
      if (!stillListed || (ruling.kind === 'wait' && ruling.forLower)) {
        return await withdraw(socket, { kind: 'again' })
      }
      if (ruling.kind === 'free') {
        socket.becomeHolder()
        const dead = others.filter((other) => other.answer === 'dead')
        await Promise.all(dead.map((other) => rm(path.join(folder, other.name), { force: true })))
        return { kind: 'locked', release: () => socket.close() }
      }
      await sleep(RETRY_MS)
    }
  } catch (error) {
    await socket.close()
    throw error
  }
}

async function withdraw<Outcome>(socket: ListeningSocket, outcome: Outcome): Promise<Outcome> {
  await socket.close()
  return outcome
}

interface Other {
  readonly name: string
  readonly answer: SocketAnswer
}

type Ruling =
  | { readonly kind: 'free' }
  | { readonly kind: 'held'; readonly by: string }
  | { readonly kind: 'wait'; readonly forLower: boolean }

/** Two that contend cannot both go on: the higher name withdraws, the lower one waits until it has. */
function judge(others: readonly Other[], name: string): Ruling {
  const live = others.filter((other) => other.answer !== 'dead')
  const holder = live.find((other) => other.answer !== 'contender')
  if (holder) return { kind: 'held', by: describe(holder) }
  if (live.length === 0) return { kind: 'free' }
  return { kind: 'wait', forLower: live.some((other) => other.name < name) }
}

function describe(holder: Other): string {
  const pid = /-(\d+)\.sock$/.exec(holder.name)?.[1] ?? 'unknown'
  if (holder.answer === 'forbidden') return `process ${pid}, of another user`
  if (holder.answer === 'silent') return `process ${pid}, which does not answer`
  return `process ${pid}`
}

async function lookAtOthers(folder: string, name: string): Promise<readonly Other[]> {
  const names = (await socketNames(folder)).filter((other) => other !== name)
  return await Promise.all(
    names.map(async (other) => ({ name: other, answer: await askSocket(folder, other) })),
  )
}

const socketNames = async (folder: string): Promise<readonly string[]> =>
  (await readdir(folder)).filter((name) => name.endsWith('.sock'))
