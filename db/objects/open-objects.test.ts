import { expect, it } from 'vitest'
import { openObjects } from './open-objects.ts'

it.each([
  'no url',
  'https://bucket.s3.amazonaws.com',
  'file://host/folder',
  'file:///folder?x=1',
  's3://key:secret@bucket',
  's3://Bucket_1',
  's3://bucket?regoin=eu',
  's3://bucket?endpoint=host',
  's3://bucket?endpoint=http://key:secret@host',
  's3://bucket?path_style=yes',
])('says what is wrong with a URL and never quotes a secret: %s', (url) => {
  const open = () => openObjects(url)
  expect(open).toThrow(expect.objectContaining({ code: 'objects_url_invalid' }))
  expect(open).toThrow(/cannot be used: .+; expected file:/)
  expect(open).not.toThrow(/secret/)
})

it.each(['file:///tmp/lensai', 's3://bucket', 's3://bucket/a/b?region=eu-central-1'])(
  'opens without touching what it names: %s',
  async (url) => {
    await expect(openObjects(url).close()).resolves.toBeUndefined()
  },
)
