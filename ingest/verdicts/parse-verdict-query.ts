/** What a call for a verdict asks: which one the client has, and how long to wait for another. */

export type VerdictQuery =
  | { readonly kind: 'asked'; readonly has: null; readonly waitMs: 0 }
  | { readonly kind: 'asked'; readonly has: string; readonly waitMs: number }
  | { readonly kind: 'bad'; readonly problem: string }

/** Below the 30 s and more after which proxies cut a call that is not answered. */
export const WAIT_S_MAX = 25
const WAY_OUT = `send wait_s as a number from 0 to ${WAIT_S_MAX}, and after as the id that came with the last verdict`

/** `after` names the client's verdict, and where it is left out `If-None-Match` does. Who has none is answered at once. */
export function parseVerdictQuery(query: unknown, ifNoneMatch: string | undefined): VerdictQuery {
  const after = fieldOf(query, 'after')
  const wait = fieldOf(query, 'wait_s') ?? '0'
  if (typeof wait !== 'string' || !isWait(wait)) return bad('wait_s', wait)
  if (after !== undefined && typeof after !== 'string') return bad('after', after)
  const has = after ?? tagOf(ifNoneMatch)
  if (has === null || has === '') return { kind: 'asked', has: null, waitMs: 0 }
  return { kind: 'asked', has, waitMs: Math.round(Number(wait) * 1_000) }
}

const isWait = (text: string): boolean => /^\d{1,2}(\.\d{1,3})?$/.test(text) && Number(text) <= WAIT_S_MAX

/** The first entity tag; a weak one names the same verdict. */
const tagOf = (header: string | undefined): string | null =>
  /^\s*(?:W\/)?"([^"]*)"/.exec(header ?? '')?.[1] ?? null

const fieldOf = (query: unknown, name: string): unknown =>
  typeof query === 'object' && query !== null ? Reflect.get(query, name) : undefined

const bad = (name: string, value: unknown): VerdictQuery => ({
  kind: 'bad',
  problem: `${name} is ${JSON.stringify(value).slice(0, 80)}; ${WAY_OUT}.`,
})
