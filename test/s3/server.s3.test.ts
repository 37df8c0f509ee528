/** The S3 server that the S3 tests trust is strict enough to be trusted. */
import { GetObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { expect, it } from 'vitest'
import { s3Server } from '../stores/s3.ts'

function clientWith(secretAccessKey: string): S3Client {
  const { endpoint, region, accessKeyId } = s3Server()
  return new S3Client({
    endpoint,
    region,
    forcePathStyle: true,
    credentials: { accessKeyId, secretAccessKey },
    requestChecksumCalculation: 'WHEN_REQUIRED',
    maxAttempts: 1,
  })
}

it('stores and returns objects, and refuses a wrong secret', async () => {
  const bucket = await s3Server().createBucket()
  expect(bucket.url).toMatch(/^s3:\/\/test-[0-9a-f]+\?endpoint=http.*&region=us-east-1&path_style=true$/)
  const client = clientWith(s3Server().secretAccessKey)
  await client.send(new PutObjectCommand({ Bucket: bucket.name, Key: 'a', Body: Buffer.from('hello') }))
  const found = await client.send(new GetObjectCommand({ Bucket: bucket.name, Key: 'a' }))
  expect(await found.Body?.transformToString()).toBe('hello')
  const stranger = clientWith('guess')
  await expect(stranger.send(new GetObjectCommand({ Bucket: bucket.name, Key: 'a' }))).rejects.toMatchObject({
    name: 'SignatureDoesNotMatch',
  })
})

it('lets one of many conditional writers win', async () => {
  const bucket = await s3Server().createBucket()
  const client = clientWith(s3Server().secretAccessKey)
  const writes = Array.from({ length: 10 }, (_, index) =>
    client.send(
      new PutObjectCommand({
        Bucket: bucket.name,
        Key: 'one',
        Body: Buffer.from(`${index}`),
        IfNoneMatch: '*',
      }),
    ),
  )
  const outcomes = await Promise.allSettled(writes)
  expect(outcomes.filter((outcome) => outcome.status === 'fulfilled')).toHaveLength(1)
})
