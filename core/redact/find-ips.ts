/**
 * IP addresses. Four small numbers are a version as often as an address, so 1.2.3.4 needs a name or a neighbour that
 * says address; loopback, unspecified, link-local and masks name nobody and are left.
 */
import type { Finding } from './kinds.ts'
import type { NameFacts } from './name-facts.ts'

export function findIpv4(text: string, name: NameFacts): Finding[] {
  const found: Finding[] = []
  for (const { index, 0: all } of text.matchAll(IPV4)) {
    const octets = all.split('.').map(Number)
    if (octets.some((octet) => octet > 255) || namesNobody(octets)) continue
    const until = index + all.length
    if (!isAddress(text, { from: index, until }, { octets, name })) continue
    found.push({ kind: 'ip', from: index, until })
  }
  return found
}

export function findIpv6(text: string): Finding[] {
  const found: Finding[] = []
  for (const { index, 0: all } of text.matchAll(IPV6)) {
    const address = all.replace(/(?<!:):$/, '')
    if (isIpv6(address)) found.push({ kind: 'ip', from: index, until: index + address.length })
  }
  return found
}

const IPV4 = /(?<![A-Za-z0-9.])\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}(?![A-Za-z0-9_]|\.\d)/g
const IPV6 = /(?<![\w.-]|[0-9A-Fa-f:]:)[0-9A-Fa-f]{0,4}(?::[0-9A-Fa-f]{0,4}){2,8}(?![\w:])/g

const namesNobody = ([a = 0, b = 0]: readonly number[]): boolean =>
  a === 0 || a === 127 || (a === 169 && b === 254) || (a === 255 && b === 255)

interface Quad {
  readonly octets: readonly number[]
  readonly name: NameFacts
}

/** Versions count up from 0: an address with every part below 32 is rare, a version with one above is as well. */
function isAddress(
  text: string,
  { from, until }: { from: number; until: number },
  { octets, name }: Quad,
): boolean {
  if (name.isIp) return true
  if (name.isVersion) return false
  const before = text.slice(Math.max(0, from - 24), from)
  if (/(?:\bv|version|release|build|chapter|section|paragraph|\bPN|@)[ :=]*$/i.test(before)) return false
  // A product of a user agent, such as Chrome/120.0.0.0.
  if (/(?:^|[\s(])[A-Z][A-Za-z]{1,20}\/$/.test(before)) return false
  if (/(?:\bip|addr|address|host|peer|from|src|dst|client|:\/\/)[ :=]*$/i.test(before)) return true
  if (/^(?::\d{2,5}|\/(?:[89]|[12]\d|3[0-2]))(?!\d)/.test(text.slice(until, until + 7))) return true
  return octets.some((octet) => octet >= 32)
}

/** Eight groups, or fewer with one `::`; short ones must look like an address, as `a::b` is a name in many languages. */
function isIpv6(address: string): boolean {
  const [head = '', tail, more] = address.split('::')
  if (more !== undefined || address.includes(':::')) return false
  const groups = [...groupsOf(head), ...groupsOf(tail ?? '')]
  if (groups.includes('')) return false
  if (tail === undefined) return groups.length === 8
  if (groups.length > 7 || !/\d/.test(address)) return false
  return groups.length >= 2 && head.split(':')[0]?.length === 4
}

const groupsOf = (text: string): string[] => (text === '' ? [] : text.split(':'))
