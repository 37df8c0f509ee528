import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { HTTP_PROTOCOLS, OBJECT_STORE_PROTOCOLS, readSettings, type Settings } from './settings.ts'

/** The complaints of one reading, and what it gave. */
function read<T>(env: Record<string, string | undefined>, reading: (settings: Settings) => T) {
  const settings = readSettings(env)
  const value = reading(settings)
  const parsed = settings.finish(value)
  return { value, problems: parsed.kind === 'bad' ? parsed.problems : [] }
}

describe('settings', () => {
  it('are given whole when nothing is complained of', () => {
    const settings = readSettings({ A: 'x' })
    expect(settings.finish({ a: settings.optional('A') })).toEqual({ kind: 'config', config: { a: 'x' } })
  })

  it('report every complaint at once, in the order of reading', () => {
    const { problems } = read({ B_URL: 'ftp://x', P: '70000' }, (settings) => {
      settings.required('A', 'a letter')
      settings.requiredUrl('B_URL', HTTP_PROTOCOLS)
      settings.requiredUrl('C_URL', OBJECT_STORE_PROTOCOLS)
      settings.port(['P'], 1)
      settings.complain('D must be odd')
    })
    expect(problems).toEqual([
      'A is missing: a letter',
      'B_URL must be a URL that begins with http:// or https://',
      'C_URL is missing: it must be a URL that begins with file:// or s3://',
      'P must be a port from 0 to 65535',
      'D must be odd',
    ])
  })

  it('take an empty variable for an absent one, as shells and platforms leave them', () => {
    const env = { A: '', URL: '', PORT: '', LOG_LEVEL: '', SLACK_BOT_TOKEN: '' }
    const { value, problems } = read(env, (settings) => [
      settings.optional('A'),
      settings.optionalUrl('URL', HTTP_PROTOCOLS),
      settings.port(['PORT'], 80),
      settings.portWish('PORT', 80),
      settings.logLevel(),
      settings.slackBotToken(),
    ])
    expect(value).toEqual([null, null, 80, { variable: 'PORT', port: 80, asked: false }, 'info', null])
    expect(problems).toEqual([])
  })

  it('never repeat a value, whatever it is: it may be a password', () => {
    const secret = fc.string({ minLength: 6 }).filter((text) => !/^\d+$/.test(text))
    fc.assert(
      fc.property(secret, (text) => {
        const value = `hush${text}`
        const env = { URL: value, PORT: value, LOG_LEVEL: value, SLACK_BOT_TOKEN: value }
        const { problems } = read(env, (settings) => {
          settings.optionalUrl('URL', HTTP_PROTOCOLS)
          settings.requiredUrl('URL', HTTP_PROTOCOLS)
          settings.port(['PORT'], 1)
          settings.portWish('PORT', 1)
          settings.logLevel()
          settings.slackBotToken()
        })
        expect(problems).toHaveLength(6)
        expect(problems.join()).not.toContain('hush')
      }),
    )
  })

  it('take the first port that is set, and any whole number that a port can be', () => {
    const port = (env: Record<string, string>) => read(env, (settings) => settings.port(['MINE', 'PORT'], 4))
    expect(port({ MINE: '1', PORT: '2' }).value).toBe(1)
    expect(port({ PORT: '2' }).value).toBe(2)
    expect(port({}).value).toBe(4)
    fc.assert(fc.property(fc.integer({ min: 0, max: 65_535 }), (n) => port({ PORT: `${n}` }).value === n))
    for (const bad of ['65536', '-1', '8o', '1.5', ' 80', '1e3'])
      expect(port({ PORT: bad }).problems).toEqual(['PORT must be a port from 0 to 65535'])
  })

  it('know whether a port was asked for, and that 0 is none to ask for', () => {
    const wish = (env: Record<string, string>) => read(env, (settings) => settings.portWish('PORT', 4100))
    expect(wish({}).value).toEqual({ variable: 'PORT', port: 4100, asked: false })
    expect(wish({ PORT: '80' }).value).toEqual({ variable: 'PORT', port: 80, asked: true })
    expect(wish({ PORT: '0' }).problems).toEqual(['PORT must be a port from 1 to 65535'])
  })

  it('tell a bot token by its beginning', () => {
    const token = (text: string) => read({ SLACK_BOT_TOKEN: text }, (settings) => settings.slackBotToken())
    expect(token('xoxb-1')).toEqual({ value: 'xoxb-1', problems: [] })
    expect(token('xoxp-1').problems).toEqual(['SLACK_BOT_TOKEN must be a bot token, which begins with xoxb-'])
  })

  it('know the levels of the log', () => {
    const level = (text: string) => read({ LOG_LEVEL: text }, (settings) => settings.logLevel())
    expect(level('debug')).toEqual({ value: 'debug', problems: [] })
    expect(level('loud').problems).toEqual([
      'LOG_LEVEL must be one of trace, debug, info, warn, error, silent',
    ])
  })
})
