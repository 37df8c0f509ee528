import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isLoopbackAddress, isPublicAddress } from './public-address.ts'

const octet = fc.integer({ min: 0, max: 255 })
const group = fc.integer({ min: 0, max: 0xffff })
const v4 = fc.tuple(octet, octet, octet, octet)
const shown4 = (octets: readonly number[]) => octets.join('.')
const hex = (groups: readonly number[]) => groups.map((each) => each.toString(16)).join(':')
/** The two groups that carry an IPv4 address inside an IPv6 one. */
const asGroups = ([a = 0, b = 0, c = 0, d = 0]: readonly number[]) => [a * 256 + b, c * 256 + d]

/** The registries of what is not the internet (IANA, special-purpose addresses), written anew, as first and last. */
const NOT_PUBLIC_V4: readonly (readonly [string, string])[] = [
  ['0.0.0.0', '0.255.255.255'],
  ['10.0.0.0', '10.255.255.255'],
  ['100.64.0.0', '100.127.255.255'],
  ['127.0.0.0', '127.255.255.255'],
  ['169.254.0.0', '169.254.255.255'],
  ['172.16.0.0', '172.31.255.255'],
  ['192.0.0.0', '192.0.0.255'],
  ['192.0.2.0', '192.0.2.255'],
  ['192.88.99.0', '192.88.99.255'],
  ['192.168.0.0', '192.168.255.255'],
  ['198.18.0.0', '198.19.255.255'],
  ['198.51.100.0', '198.51.100.255'],
  ['203.0.113.0', '203.0.113.255'],
  ['224.0.0.0', '255.255.255.255'],
]
const numberOf = (octets: readonly number[]) => octets.reduce((sum, each) => sum * 256 + each, 0)
const parsed = (text: string) => numberOf(text.split('.').map(Number))
const isListed = (octets: readonly number[]) =>
  NOT_PUBLIC_V4.some(([first, last]) => parsed(first) <= numberOf(octets) && numberOf(octets) <= parsed(last))

describe('an address that a webhook may go to', () => {
  it.each([
    '8.8.8.8',
    '1.1.1.1',
    '93.184.216.34',
    '172.15.255.255',
    '172.32.0.0',
    '100.63.255.255',
    '100.128.0.0',
  ])('is %s, on the internet', (address) => expect(isPublicAddress(address)).toBe(true))
  it.each(['2606:4700:4700::1111', '2001:4860:4860::8888', '2a00:1450:4001:81b::200e'])(
    'is %s, too',
    (address) => expect(isPublicAddress(address)).toBe(true),
  )

  it.each([
    ...['169.254.169.254', 'fd00:ec2::254', '100.100.100.200', '192.0.0.192'],
    ...['127.0.0.1', '0.0.0.0', '10.0.0.1', '192.168.1.1', '255.255.255.255', '224.0.0.1', '240.0.0.1'],
    ...['::', '::1', 'fe80::1', 'fe80::1%eth0', 'fc00::1', 'fdff::1', 'fec0::1', 'ff02::1', '2001:db8::1'],
    ...['::127.0.0.1', '::8.8.8.8', '4000::1', '100::1', '5f00::1', '3fff::1', '2001:2::1', '2001:10::1'],
    ...['2606:4700:4700::1111%1'],
  ])('is not %s', (address) => expect(isPublicAddress(address)).toBe(false))

  it.each([
    '',
    'localhost',
    'example.com',
    '010.8.8.8',
    '0x8.8.8.8',
    '8.8.8',
    '134744072',
    '8.8.8.8:80',
    '[::1]',
    ' 8.8.8.8',
  ])('is nothing that is no address in its one form: %j', (text) =>
    expect([isPublicAddress(text), isLoopbackAddress(text)]).toEqual([false, false]),
  )

  it('is never in a range that the registries set apart, wherever in it', () => {
    const inRange = fc
      .constantFrom(...NOT_PUBLIC_V4)
      .chain(([first, last]) => fc.integer({ min: parsed(first), max: parsed(last) }))
    fc.assert(
      fc.property(inRange, (number) => {
        const octets = [24, 16, 8, 0].map((shift) => Math.floor(number / 2 ** shift) % 256)
        expect(isPublicAddress(shown4(octets))).toBe(false)
      }),
      { numRuns: 2000 },
    )
  })

  it('is every other of IPv4, but for the anycast relays that no receiver stands on', () => {
    const relays = ['192.175.48', '192.31.196', '192.52.193']
    fc.assert(
      fc.property(v4, (octets) => {
        fc.pre(!isListed(octets) && !relays.includes(octets.slice(0, 3).join('.')))
        expect(isPublicAddress(shown4(octets))).toBe(true)
      }),
    )
  })

  it('is never one that carries another inside, whatever that is', () => {
    fc.assert(
      fc.property(v4, group, group, (octets, x, y) => {
        const inner = asGroups(octets)
        const carriers = [
          `::ffff:${shown4(octets)}`,
          `::${shown4(octets)}`,
          hex([0, 0, 0, 0, 0, 0xffff, ...inner]),
          hex([0, 0, 0, 0, 0xffff, 0, ...inner]),
          hex([0x64, 0xff9b, 0, 0, 0, 0, ...inner]),
          hex([0x64, 0xff9b, 1, x, y, 0, ...inner]),
          hex([0x2002, ...inner, x, 0, 0, 0, y]),
          hex([0x2001, 0, x, y, 0, 0, ...inner.map((each) => each ^ 0xffff)]),
        ]
        for (const carrier of carriers) expect([carrier, isPublicAddress(carrier)]).toEqual([carrier, false])
      }),
    )
  })

  it('is never of IPv6 outside 2000::/3, nor private by its first bits', () => {
    const groups = fc.tuple(group, group, group, group, group, group, group, group)
    fc.assert(
      fc.property(groups, (all) => {
        fc.pre((all[0] & 0xe000) !== 0x2000)
        expect(isPublicAddress(hex(all))).toBe(false)
      }),
    )
  })
})
