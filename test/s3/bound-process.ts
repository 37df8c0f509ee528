/** A daemon tied to this process. Invariant: it is killed when this process ends, SIGKILL included. */
import { spawn } from 'node:child_process'

export interface BoundProcess {
  kill: () => Promise<void>
}

/** The daemon's output goes to `logFd`; it keeps nothing on disk that a kill could spoil. */
export function spawnBound(command: string, args: readonly string[], logFd: number): BoundProcess {
  // The shell waits for its stdin to close, which the system does when this process ends.
  const script = '"$@" </dev/null & daemon=$!; read -r _; kill -KILL "$daemon"; wait "$daemon"'
  const shell = spawn('/bin/sh', ['-c', script, 'sh', command, ...args], {
    stdio: ['pipe', logFd, logFd],
    detached: true,
  })
  const exited = new Promise<void>((settle) => {
    shell.once('error', () => settle())
    shell.once('exit', () => settle())
  })
  shell.stdin?.on('error', () => undefined)
  shell.unref()
  return {
    kill: async () => {
      shell.ref()
      shell.stdin?.end()
      await exited
    },
  }
}
