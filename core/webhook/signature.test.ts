import { createHmac, timingSafeEqual } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { mintWebhookSecret, secretsAt, signatureHeaders } from './signature.ts'

const AT = new Date('2021-02-25T15:02:10.900Z')

/** The receiver's side, written from the specification and not from ours: is it by this secret, and of these minutes? */
function verifies(body: string, headers: Record<string, string>, secret: string, nowS: number): boolean {
  const { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures = '' } = headers
  if (Math.abs(nowS - Number(timestamp)) > 300) return false
  const key = Buffer.from(secret.replace('whsec_', ''), 'base64')
  const expected = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest()
  return signatures.split(' ').some((entry) => {
    const [version, signature = ''] = entry.split(',')
    const given = Buffer.from(signature, 'base64')
    return version === 'v1' && given.length === expected.length && timingSafeEqual(given, expected)
  })
}

describe('the signature', () => {
  it('is that of the published example', () => {
    const headers = signatureHeaders(
      { id: 'msg_p5jXN8AQM9LWM0D4loKWxJek', body: '{"test": 2432232314}' },
      ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'],
      new Date(1_614_265_330_000),
    )
    expect(headers).toEqual({
      'webhook-id': 'msg_p5jXN8AQM9LWM0D4loKWxJek',
      'webhook-timestamp': '1614265330',
      'webhook-signature': 'v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=',
    })
  })

  it('is verified by what follows the specification, for any body; and not once anything is changed', () => {
    const nowS = Math.floor(AT.getTime() / 1000)
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.nat(50), (body, at) => {
        const secret = mintWebhookSecret()
        const headers = { ...signatureHeaders({ id: 'msg_1', body }, [secret], AT) }
        expect(verifies(body, headers, secret, nowS)).toBe(true)
        expect(verifies(`${body.slice(0, at)}x${body.slice(at)}`, headers, secret, nowS)).toBe(false)
        expect(verifies(body, { ...headers, 'webhook-id': 'msg_2' }, secret, nowS)).toBe(false)
        expect(verifies(body, { ...headers, 'webhook-timestamp': String(nowS + 1) }, secret, nowS)).toBe(
          false,
        )
        expect(verifies(body, headers, mintWebhookSecret(), nowS)).toBe(false)
        expect(verifies(body, headers, secret, nowS + 301)).toBe(false)
      }),
    )
  })

  it('is made by both secrets while they overlap, and by the new one alone from the end on', () => {
    const until = new Date(AT.getTime() + 1000)
    const secrets = { current: mintWebhookSecret(), previous: { secret: mintWebhookSecret(), until } }
    const signedAt = (at: Date) => ({
      ...signatureHeaders({ id: 'msg_1', body: '{}' }, secretsAt(secrets, at), at),
    })
    const seconds = (at: Date) => Math.floor(at.getTime() / 1000)
    for (const secret of [secrets.current, secrets.previous.secret]) {
      expect(verifies('{}', signedAt(AT), secret, seconds(AT))).toBe(true)
    }
    expect(verifies('{}', signedAt(until), secrets.current, seconds(until))).toBe(true)
    expect(verifies('{}', signedAt(until), secrets.previous.secret, seconds(until))).toBe(false)
  })

  it('has a secret of 256 random bits, in the form that libraries take', () => {
    const secret = mintWebhookSecret()
    expect(secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/)
    expect(Buffer.from(secret.slice(6), 'base64')).toHaveLength(32)
    expect(mintWebhookSecret()).not.toBe(secret)
  })
})
