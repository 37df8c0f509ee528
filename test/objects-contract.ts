/** What every object store promises. A store's own test file names it and opens it. */
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { ObjectStore } from '../db/objects/object-store.ts'

export interface OpenedObjects {
  readonly objects: ObjectStore
  /** A second opening of the same place. */
  readonly again: () => ObjectStore
  readonly remove: () => Promise<void>
}

export function describeObjectStore(name: string, open: () => Promise<OpenedObjects>): void {
  describe(name, () => {
    let opened: OpenedObjects
    let objects: ObjectStore

    beforeAll(async () => {
      opened = await open()
      objects = opened.objects
    })
    afterAll(async () => {
      await objects.close()
      await opened.remove()
    })

    const bytesOf = (text: string) => new TextEncoder().encode(text)
    const listed = async (prefix: string) => {
      const entries = []
      for await (const entry of objects.list(prefix)) entries.push(entry)
      return entries
    }
    const folder = () => `t-${crypto.randomUUID()}`

    it('gives back the bytes that were put, whatever they are', async () => {
      const key = `${folder()}/a=b/c.parquet`
      await fc.assert(
        fc.asyncProperty(fc.uint8Array({ maxLength: 2_000 }), async (bytes) => {
          await objects.put(key, bytes)
          expect(new Uint8Array((await objects.get(key)) ?? [1, 2, 3])).toEqual(bytes)
        }),
        { numRuns: 15 },
      )
    })

    it('holds five megabytes as one object', async () => {
      const key = `${folder()}/large`
      const bytes = new Uint8Array(5 * 1024 * 1024).map((_, index) => index % 251)
      await objects.put(key, bytes)
      const read = await objects.get(key)
      expect(read !== null && Buffer.compare(read, bytes)).toBe(0)
    })

    it('shows to others what was put', async () => {
      const key = `${folder()}/shared`
      await objects.put(key, bytesOf('there'))
      const other = opened.again()
      expect(Buffer.from((await other.get(key)) ?? []).toString()).toBe('there')
      await other.close()
    })

    it('replaces an object by a later put, and is unchanged by a repeated one', async () => {
      const under = folder()
      await objects.put(`${under}/a`, bytesOf('a long first text'))
      for (let time = 0; time < 2; time++) await objects.put(`${under}/a`, bytesOf('second'))
      expect(Buffer.from((await objects.get(`${under}/a`)) ?? []).toString()).toBe('second')
      expect(await listed(`${under}/`)).toEqual([{ key: `${under}/a`, sizeBytes: 6 }])
    })

    it('shows one of many texts put at once, never a mixture', async () => {
      const key = `${folder()}/raced`
      const texts = Array.from({ length: 10 }, (_, index) => String(index).repeat(20_000))
      await Promise.all(texts.map((text) => objects.put(key, bytesOf(text))))
      expect(texts).toContain(Buffer.from((await objects.get(key)) ?? []).toString())
    })

    it('knows nothing of an object that is not there', async () => {
      const under = folder()
      expect(await objects.get(`${under}/none`)).toBeNull()
      expect(await listed(under)).toEqual([])
      await expect(objects.delete(`${under}/none`)).resolves.toBeUndefined()
    })

    it('forgets what is deleted, and only that', async () => {
      const under = folder()
      await objects.put(`${under}/a`, bytesOf('a'))
      await objects.put(`${under}/b`, bytesOf('b'))
      await objects.delete(`${under}/a`)
      expect(await objects.get(`${under}/a`)).toBeNull()
      expect((await listed(under)).map((entry) => entry.key)).toEqual([`${under}/b`])
    })

    it('lists by any beginning of a key, in the order of the keys', async () => {
      const under = folder()
      const names = ['dt=1/b', 'dt=1/a', 'dt=1-x', 'dt=1.x', 'dt=10/é', 'dt=10/z', 'dt=2/🦆', 'dt=2/\uff5e']
      for (const name of names) await objects.put(`${under}/${name}`, bytesOf(name))
      const keys = async (prefix: string) =>
        (await listed(`${under}/${prefix}`)).map(({ key }) => key.slice(under.length + 1))
      const inOrder = [...names].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
      expect(await keys('')).toEqual(inOrder)
      for (const prefix of ['dt=1', 'dt=1/', 'dt=10/', 'dt=2/🦆', 'nothing'])
        expect(await keys(prefix)).toEqual(inOrder.filter((name) => name.startsWith(prefix)))
    })

    it.each([
      '',
      '/a',
      'a//b',
      'a/',
      '.',
      '../a',
      'a/../../b',
      'a\\b',
      'a\u0000b',
      'x'.repeat(300),
      'a/b.unfinished',
    ])('refuses a key that some store could not hold: %j', async (key) => {
      const refusal = { code: 'object_key_invalid' }
      await expect(objects.put(key, bytesOf('x'))).rejects.toMatchObject(refusal)
      await expect(objects.get(key)).rejects.toMatchObject(refusal)
      await expect(objects.delete(key)).rejects.toMatchObject(refusal)
    })
  })
}
