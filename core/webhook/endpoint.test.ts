import { describe, expect, it } from 'vitest'
import { parseEndpoint, shownUrl } from './endpoint.ts'

const parse = (url: string, allowLoopback = false, events: readonly string[] | null = null) =>
  parseEndpoint({ url, events }, { allowLoopback })
const problemOf = (url: string, allowLoopback = false): string => {
  const parsed = parse(url, allowLoopback)
  return parsed.kind === 'bad' ? parsed.problems.join('; ') : 'none'
}

describe('a webhook endpoint', () => {
  it.each([
    'https://hooks.example.com/lensai',
    'https://hooks.example.com:8443/a?token=x',
    'https://8.8.8.8/',
    'https://[2606:4700:4700::1111]/',
  ])('may be %s', (url) => expect(parse(url)).toEqual({ kind: 'endpoint', endpoint: { url, events: null } }))

  it.each([
    ['hooks.example.com', /must be one such as https/],
    ['http://hooks.example.com/', /must begin with https/],
    ['file:///etc/passwd', /must begin with https/],
    ['https://user:pw@hooks.example.com/', /no user and password/],
    ['https://hooks.example.com/#a', /no #fragment/],
    ['https://hooks.example.com:22/', /the port must be 443/],
    ['https://hooks.example.com:80/', /the port must be 443/],
    ['https://localhost/', /no public name/],
    ['https://intranet/', /no public name/],
    ['https://metadata.google.internal/', /no public name/],
    ['https://printer.local/', /no public name/],
    ['https://a.localhost./', /no public name/],
    ['https://hooks.example.com./', /no public name/],
    ['https://127.0.0.1/', /127\.0\.0\.1 is no public address/],
    ['https://169.254.169.254/latest/meta-data', /no public address/],
    ['https://[::1]/', /no public address/],
    ['https://[::ffff:10.0.0.1]/', /no public address/],
  ])('may not be %s', (url, problem) => expect(problemOf(url)).toMatch(problem))

  it('may not be longer than what everyone takes', () => {
    expect(problemOf(`https://hooks.example.com/${'a'.repeat(2048)}`)).toMatch(/more than 2048/)
  })

  it.each(['2130706433', '0x7f000001', '0x7f.1', '127.1', '0177.0.0.1', '①②⑦.0.0.1', '%31%32%37.0.0.1'])(
    'is seen through however its address is spelled: %s',
    (host) =>
      expect(problemOf(`https://${host}/`)).toBe('the host 127.0.0.1 is no public address on the internet'),
  )

  it('may be on this machine, by http too, where that is allowed; and nothing else of ours then', () => {
    for (const host of ['127.0.0.1', 'localhost', '[::1]']) {
      expect(problemOf(`http://${host}:8080/`, true)).toBe('none')
      expect(problemOf(`https://${host}:8080/`, true)).toBe('none')
      expect(problemOf(`http://${host}:8080/`)).not.toBe('none')
    }
    expect(problemOf('http://hooks.example.com/', true)).toMatch(/must begin with https/)
    expect(problemOf('https://10.0.0.1/', true)).toMatch(/no public address/)
    expect(problemOf('https://169.254.169.254/', true)).toMatch(/no public address/)
  })

  it('hears of the events that it names, and is told of those that there are not', () => {
    expect(parse('https://a.example/', false, ['budget.lifted', 'budget.stopped'])).toMatchObject({
      endpoint: { events: ['budget.stopped', 'budget.lifted'] },
    })
    expect(parse('https://a.example/', false, ['budget.paused'])).toMatchObject({
      problems: [expect.stringContaining('there is no event "budget.paused"; there are budget.stopped')],
    })
    expect(parse('https://a.example/', false, [])).toMatchObject({ kind: 'bad' })
  })

  it('is shown without what may be a secret in its query', () => {
    expect(shownUrl('https://a.example/hook?token=hush')).toBe('https://a.example/hook?…')
    expect(shownUrl('https://a.example/hook')).toBe('https://a.example/hook')
  })
})
