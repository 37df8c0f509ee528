/** Ties a Postgres server's life to its starter's. Invariant: no server outlives its starter, SIGKILL included. */
import { type ChildProcess, spawn } from 'node:child_process'
import type { Account } from './postgres-account.ts'

/**
 * A shell that waits for its stdin to close, which the system does when this process ends, SIGKILL included, and then
 * stops the server. It costs less than a megabyte.
 */
export function guardPostgres(server: ChildProcess, account: Account | undefined): void {
  if (server.pid === undefined) return
  const endures = 'for _ in 1 2 3 4 5 6 7 8; do kill -0 "$1" || exit 0; sleep 1; done'
  const script = `read -r _; kill -INT "$1"; ${endures}; kill -QUIT "$1"`
  const guard = spawn('/bin/sh', ['-c', script, 'sh', String(server.pid)], {
    ...account,
    cwd: '/',
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  })
  guard.once('error', () => undefined)
  // Without its server a guard has nothing left to do, and the process id may become another's.
  server.once('exit', () => guard.kill('SIGKILL'))
  // Neither keeps alive a process that has nothing else to do.
  server.unref()
  guard.unref()
}
