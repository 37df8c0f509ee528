/**
 * Transactions whose connection is lost in the middle. The driver (postgres 3.4.9, its issues 1154 and 1208) answers
 * that by a ROLLBACK written to a socket that is gone, which throws where nobody can catch it and ends the process.
 * Invariant: once its connection is lost a transaction rejects, and nothing of it is written any more.
 */
import type { Sql, TransactionSql } from 'postgres'

export function guardTransactions(client: Sql): void {
  const begin = client.begin.bind(client)
  Object.assign(client, {
    begin: (work: (sql: TransactionSql) => unknown) =>
      new Promise((resolve, reject) => {
        let lost: { readonly error: unknown } | null = null
        const lose = (error: unknown) => {
          lost ??= { error }
          reject(error)
        }
        const guarded = async (sql: TransactionSql): Promise<unknown> => {
          try {
            const result = await work(refusingOnceLost(sql, () => lost))
            return lost === null ? result : await NEVER
          } catch (error) {
            if (lost === null && !isConnectionLost(error)) throw error
            lose(error)
            return await NEVER
          }
        }
        begin(guarded).then(resolve, lose)
      }),
  })
}

/** What the driver waits for in vain: going on, by COMMIT or by ROLLBACK, would be writing. */
const NEVER = new Promise<never>(() => undefined)

/** `unsafe` is what Drizzle sends every statement of a transaction by. */
const refusingOnceLost = (
  sql: TransactionSql,
  lost: () => { readonly error: unknown } | null,
): TransactionSql =>
  new Proxy(sql, {
    get(target, name, receiver) {
      const loss = lost()
      if (name === 'unsafe' && loss !== null) throw loss.error
      const value: unknown = Reflect.get(target, name, receiver)
      return value
    },
  })

const LOST = new Set(['CONNECTION_CLOSED', 'CONNECTION_DESTROYED', 'CONNECTION_ENDED'])

/** The driver's own codes, and what the system says of a socket; Drizzle tells either as the cause of its own error. */
function isConnectionLost(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  if ('syscall' in error) return true
  if ('code' in error && typeof error.code === 'string' && LOST.has(error.code)) return true
  return isConnectionLost(error.cause)
}
