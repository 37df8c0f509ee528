/** Which proxies are believed when they say, in `X-Forwarded-For`, who calls: by default none. */
import { isIP } from 'node:net'
import type { Settings } from '../core/settings.ts'

/** As Fastify knows them. */
const NETWORK_NAMES = ['loopback', 'linklocal', 'uniquelocal']

export function readTrustedProxies(settings: Settings): readonly string[] {
  const proxies = (settings.optional('TRUSTED_PROXIES') ?? '')
    .split(',')
    .map((text) => text.trim())
    .filter((text) => text !== '')
  if (!proxies.every(isNetwork)) {
    settings.complain(
      `TRUSTED_PROXIES must be addresses, networks such as 10.0.0.0/8, or ${NETWORK_NAMES.join(', ')}, with commas between`,
    )
  }
  return proxies
}

function isNetwork(text: string): boolean {
  if (NETWORK_NAMES.includes(text)) return true
  const [address = '', bits, ...rest] = text.split('/')
  const version = isIP(address)
  if (version === 0 || rest.length > 0) return false
  // A network of no bits is everyone, and anyone could then say who they are.
  return (
    bits === undefined ||
    (/^\d{1,3}$/.test(bits) && Number(bits) >= 1 && Number(bits) <= (version === 4 ? 32 : 128))
  )
}
