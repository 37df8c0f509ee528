/**
 * Objects in S3 or what speaks like it (R2, MinIO, Ceph).
 * Invariant: every wait is bounded; a put is one request with its whole body, so it happens entirely or not at all.
 */
import type { S3Client, S3ClientConfig } from '@aws-sdk/client-s3'
import { checkKey, type ObjectEntry, type ObjectStore } from './object-store.ts'

export interface S3Credentials {
  readonly accessKeyId: string
  readonly secretAccessKey: string
}

export interface S3Location {
  readonly bucket: string
  /** '' or a text that ends in `/`; it is put before every key. */
  readonly prefix: string
  /** Null for Amazon's own. */
  readonly endpoint: string | null
  readonly region: string
  readonly pathStyle: boolean
}

const CONNECT_TIMEOUT_MS = 3_000
const REQUEST_TIMEOUT_MS = 30_000
const ATTEMPTS_MAX = 4

/** Without credentials the SDK looks for them where it always does: environment, profile, instance role. */
export function openS3(location: S3Location, credentials?: S3Credentials): ObjectStore {
  const { bucket: Bucket, prefix } = location
  let loading: ReturnType<typeof loadSdk> | undefined
  const sdk = () => {
    loading ??= loadSdk(location, credentials)
    return loading
  }
  const keyOf = (key: string): string => `${prefix}${checkKey(key)}`
  return {
    put: async (key, bytes) => {
      const Key = keyOf(key)
      const { client, commands } = await sdk()
      await client.send(new commands.PutObjectCommand({ Bucket, Key, Body: bytes }))
    },
    get: async (key) => {
      const Key = keyOf(key)
      const { client, commands } = await sdk()
      try {
        const { Body } = await client.send(new commands.GetObjectCommand({ Bucket, Key }))
        return Body === undefined ? new Uint8Array() : await Body.transformToByteArray()
      } catch (error) {
        if (error instanceof commands.NoSuchKey) return null
        throw error
      }
    },
    list: async function* (after): AsyncIterable<ObjectEntry> {
      const { client, commands } = await sdk()
      const pages = commands.paginateListObjectsV2({ client }, { Bucket, Prefix: `${prefix}${after}` })
      for await (const { Contents = [] } of pages) {
        for (const { Key, Size } of Contents) {
          if (Key !== undefined) yield { key: Key.slice(prefix.length), sizeBytes: Size ?? 0 }
        }
      }
    },
    delete: async (key) => {
      const Key = keyOf(key)
      const { client, commands } = await sdk()
      await client.send(new commands.DeleteObjectCommand({ Bucket, Key }))
    },
    close: async () => {
      if (loading !== undefined) (await loading).client.destroy()
    },
  }
}

/** The SDK is heavy, and needless where objects are a folder: it is loaded at the first request. */
async function loadSdk(location: S3Location, credentials: S3Credentials | undefined) {
  const commands = await import('@aws-sdk/client-s3')
  const client: S3Client = new commands.S3Client({
    ...configOf(location),
    ...(credentials === undefined ? {} : { credentials }),
  })
  return { client, commands }
}

const configOf = ({ region, endpoint, pathStyle }: S3Location): S3ClientConfig => ({
  region,
  forcePathStyle: pathStyle,
  maxAttempts: ATTEMPTS_MAX,
  requestHandler: {
    connectionTimeout: CONNECT_TIMEOUT_MS,
    requestTimeout: REQUEST_TIMEOUT_MS,
    // Else the SDK only warns.
    throwOnRequestTimeout: true,
  },
  // Others than Amazon refuse or ignore the checksums that the SDK adds by default.
  ...(endpoint === null
    ? {}
    : { endpoint, requestChecksumCalculation: 'WHEN_REQUIRED', responseChecksumValidation: 'WHEN_REQUIRED' }),
})
