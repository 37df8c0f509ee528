/** An S3 server, the run's own unless said otherwise, for tests named `*.s3.test.ts`. */
import { randomBytes } from 'node:crypto'
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3'
import { inject } from 'vitest'
import type { S3Access } from '../s3/start-radosgw.ts'

export interface TestBucket {
  name: string
  /** In the form of OBJECT_STORE_URL; the keys are given apart, as AWS_* variables are. */
  url: string
}

export interface S3Server {
  endpoint: string
  region: string
  accessKeyId: string
  secretAccessKey: string
  createBucket: () => Promise<TestBucket>
}

export const s3Server = (): S3Server => s3ServerAt(inject('s3'))

/** Another one than the run's, for tests that break it. */
export function s3ServerAt({ endpoint, accessKeyId, secretAccessKey }: S3Access): S3Server {
  const region = 'us-east-1'
  return {
    endpoint,
    region,
    accessKeyId,
    secretAccessKey,
    createBucket: async () => {
      const name = `test-${randomBytes(8).toString('hex')}`
      const credentials = { accessKeyId, secretAccessKey }
      const client = new S3Client({ endpoint, region, forcePathStyle: true, credentials })
      try {
        await client.send(new CreateBucketCommand({ Bucket: name }))
      } finally {
        client.destroy()
      }
      const query = new URLSearchParams({ endpoint, region, path_style: 'true' })
      return { name, url: `s3://${name}?${query}` }
    },
  }
}
