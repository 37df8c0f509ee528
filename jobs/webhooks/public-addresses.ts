/**
 * Looks a receiver's name up, and lets through what is on the internet only.
 * Invariant: the addresses that were checked are the ones that are connected to. A name that answers with a public address
 * now and a private one a moment later (DNS rebinding) is looked up once for each attempt, and so is never asked again.
 */
import { promises as dns, type LookupAddress } from 'node:dns'
import { isIP, type LookupFunction } from 'node:net'
import { hostOf } from '../../core/webhook/endpoint.ts'
import { isLoopbackAddress, isPublicAddress } from '../../core/webhook/public-address.ts'

/** Every address of a name, as the machine's resolver has them. */
export type Resolve = (host: string) => Promise<readonly LookupAddress[]>

export const resolveByMachine: Resolve = (host) => dns.lookup(host, { all: true, order: 'verbatim' })

export type Addresses =
  | { readonly kind: 'addresses'; readonly addresses: readonly LookupAddress[] }
  /** `why` never names the address: whoever typed the name may not know what ours are. */
  | { readonly kind: 'refused'; readonly why: string }

const ADDRESSES_MAX = 16

export async function findAddresses(
  url: URL,
  { resolve, allowLoopback }: { readonly resolve: Resolve; readonly allowLoopback: boolean },
): Promise<Addresses> {
  const host = hostOf(url)
  const family = isIP(host)
  const found = family === 0 ? await resolve(host) : [{ address: host, family }]
  if (found.length === 0) return { kind: 'refused', why: 'its name has no address' }
  const isAllowed = ({ address }: LookupAddress): boolean => {
    if (allowLoopback && isLoopbackAddress(address)) return true
    // Plain http is for this machine's own addresses alone.
    return url.protocol === 'https:' && isPublicAddress(address)
  }
  // All of them: a name that is public by half is not one to be tried until the other half answers.
  if (!found.every(isAllowed))
    return { kind: 'refused', why: 'its name leads to an address that is not public' }
  return { kind: 'addresses', addresses: found.slice(0, ADDRESSES_MAX) }
}

/** A look-up for `node:https` that knows these addresses and asks nobody. */
export function lookupOf(addresses: readonly LookupAddress[]): LookupFunction {
  return (_host, options, callback) => {
    const [first] = addresses
    if (options.all === true) callback(null, [...addresses])
    else if (first) callback(null, first.address, first.family)
    else callback(new Error('there is no address'), '', 0)
  }
}
