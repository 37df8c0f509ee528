/** The verbs of a workspace that runs in another process; of its first one, when none is named. */
import type { SandboxVerbs } from './verbs.ts'

export function sandboxClient(url: string, team?: string): SandboxVerbs {
  const where = team === undefined ? {} : { team }
  const act = <T>(name: string, body: object): Promise<T> =>
    call<T>(new URL(`/_sandbox/${name}`, url), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ ...where, ...body }),
    })
  const read = <T>(name: string, query: Record<string, string> = {}): Promise<T> =>
    call<T>(new URL(`/_sandbox/${name}?${new URLSearchParams({ ...where, ...query })}`, url))
  return {
    command: (typed) => act('command', typed),
    press: (request) => act('press', request),
    shortcut: (request) => act('shortcut', request),
    openHome: (request) => act('openHome', request),
    submitView: (request) => act('submitView', request),
    closeView: (request) => act('closeView', request),
    uninstall: () => act('uninstall', {}),
    tellRevoked: (tokens) => act('tellRevoked', tokens),
    storm: (storm) => act('storm', storm),
    changeUser: (userId, change) => act('changeUser', { userId, change }),
    messages: (channelId) => read('messages', { channelId }),
    thread: (channelId, ts) => read('thread', { channelId, ts }),
    ephemerals: (userId) => read('ephemerals', { userId }),
    modal: (userId) => read('modal', { userId }),
    home: (userId) => read('home', { userId }),
    files: () => read('files'),
    calls: () => read('calls'),
    deliveries: () => read('deliveries'),
    users: () => read('users'),
    channels: () => read('channels'),
  }
}

/** Both ends are of one program, so the shape of a result is the verb's own. */
async function call<T>(url: URL, init?: RequestInit): Promise<T> {
  const response = await fetch(url, init)
  const body = (await response.json()) as { result: T; code?: string; message?: string }
  if (!response.ok)
    throw Object.assign(new Error(body.message ?? `the local Slack workspace answered ${response.status}`), {
      code: body.code ?? 'sandbox_failed',
    })
  return body.result
}
