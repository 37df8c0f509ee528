/**
 * Which addresses a webhook may be sent to: those that anyone on the internet reaches, and no others.
 * Invariant: what is not known to be public is refused. An address that carries another one inside (mapped, NAT64, 6to4,
 * Teredo) is refused whatever it carries: a gateway near us would take it to where it points.
 */
import ipaddr from 'ipaddr.js'

/** All that is handed out for the internet begins here (RFC 4291); the library calls the rest of IPv6 unicast too. */
const GLOBAL_UNICAST_V6 = ipaddr.IPv6.parseCIDR('2000::/3')

/** Whether `text` is an address, IPv4 in four parts or IPv6, that stands for one machine on the internet. */
export function isPublicAddress(text: string): boolean {
  const address = parse(text)
  if (address === null || address.range() !== 'unicast') return false
  return address instanceof ipaddr.IPv4 || (address.match(GLOBAL_UNICAST_V6) && !hasZone(address))
}

/** Whether `text` is an address of this machine itself: `127.0.0.0/8` or `::1`. */
export const isLoopbackAddress = (text: string): boolean => parse(text)?.range() === 'loopback'

/** Whether `text` is an address at all, and no name. */
export const isAddress = (text: string): boolean => parse(text) !== null

/** The library also reads `010.1`, `0x7f.1` and `2130706433`; no resolver answers so, and no two agree on them. */
function parse(text: string): ipaddr.IPv4 | ipaddr.IPv6 | null {
  if (ipaddr.IPv4.isValidFourPartDecimal(text)) return ipaddr.IPv4.parse(text)
  return ipaddr.IPv6.isValid(text) ? ipaddr.IPv6.parse(text) : null
}

const hasZone = (address: ipaddr.IPv6): boolean => address.zoneId !== undefined
