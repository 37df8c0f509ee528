import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { parseClickHouseUrl } from './address.ts'

describe('a ClickHouse URL', () => {
  it('names server, user, password and database', () => {
    expect(parseClickHouseUrl('https://lens:s%40cret@ch.example.com:8443/spend')).toEqual({
      origin: 'https://ch.example.com:8443',
      username: 'lens',
      password: 's@cret',
      database: 'spend',
    })
  })

  it('means the default user and database when it names none', () => {
    expect(parseClickHouseUrl('http://127.0.0.1:8123')).toEqual({
      origin: 'http://127.0.0.1:8123',
      username: 'default',
      password: '',
      database: 'default',
    })
  })

  it('carries any password, percent-encoded', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (password) => {
        const url = `http://u:${encodeURIComponent(password).replaceAll("'", '%27')}@h:8123/d`
        expect(parseClickHouseUrl(url).password).toBe(password)
      }),
    )
  })

  it.each([
    'http://u:hunter2@h:port/d',
    'tcp://u:hunter2@h:9000/d',
    'http://u:hunter2%@h:8123/d',
    'http://u:hunter2@h:8123/no-such.name',
    'http://u:hunter2@h:8123/d?password=hunter2',
    'u:hunter2@h',
  ])('says what is wrong and never the password: %s', (url) => {
    const parse = () => parseClickHouseUrl(url)
    expect(parse).toThrow(/ClickHouse URL cannot be used: .+; expected http/)
    expect(parse).toThrow(expect.objectContaining({ code: 'clickhouse_url_invalid' }))
    expect(parse).not.toThrow(/hunter2/)
  })
})
