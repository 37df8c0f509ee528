import { expect, it } from 'vitest'
import { describeObjectStore } from '../../test/objects-contract.ts'
import { s3Server } from '../../test/stores/s3.ts'
import { openObjects } from './open-objects.ts'

describeObjectStore('a bucket', async () => {
  const { url } = await s3Server().createBucket()
  const open = () => openObjects(url, s3Server())
  return { objects: open(), again: open, remove: async () => {} }
})

describeObjectStore('a prefix in a bucket', async () => {
  const { url } = await s3Server().createBucket()
  const open = () => openObjects(url.replace('?', '/one/two?'), s3Server())
  return { objects: open(), again: open, remove: async () => {} }
})

it('keeps to its prefix, which others in the bucket may begin with', async () => {
  const { url } = await s3Server().createBucket()
  const whole = openObjects(url, s3Server())
  const part = openObjects(url.replace('?', '/one?'), s3Server())
  await whole.put('one-more/a', new Uint8Array([1]))
  await part.put('a', new Uint8Array([2, 2]))
  const keysOf = async (objects: typeof whole) => {
    const keys: string[] = []
    for await (const { key } of objects.list('')) keys.push(key)
    return keys
  }
  expect(await keysOf(part)).toEqual(['a'])
  expect(await keysOf(whole)).toEqual(['one-more/a', 'one/a'])
  await whole.close()
  await part.close()
})

it('lists more objects than one page of answers holds', async () => {
  const { url } = await s3Server().createBucket()
  const objects = openObjects(url, s3Server())
  const keys = Array.from({ length: 1_050 }, (_, index) => `k${String(index).padStart(5, '0')}`)
  for (let first = 0; first < keys.length; first += 50)
    await Promise.all(keys.slice(first, first + 50).map((key) => objects.put(key, new Uint8Array([1]))))
  const listed: string[] = []
  for await (const { key } of objects.list('')) listed.push(key)
  expect(listed).toEqual(keys)
  await objects.close()
})

it('fails rather than finds nothing when the secret is wrong or the bucket is not there', async () => {
  const { url } = await s3Server().createBucket()
  const { accessKeyId } = s3Server()
  const stranger = openObjects(url, { accessKeyId, secretAccessKey: 'guess' })
  await expect(stranger.get('a')).rejects.toMatchObject({ name: 'SignatureDoesNotMatch' })
  const lost = openObjects(url.replace('s3://', 's3://no-'), s3Server())
  await expect(lost.get('a')).rejects.toMatchObject({ name: 'NoSuchBucket' })
  await stranger.close()
  await lost.close()
})
