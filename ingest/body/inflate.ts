/**
 * The bytes that a body stands for, whatever `content-encoding` it came in.
 * Invariant: no more than `bytesMax` are ever inflated, however small the body that claims to hold them.
 */
import { promisify } from 'node:util'
import { gunzip as gunzipWithCallback, type InputType } from 'node:zlib'

export type Inflated =
  | { readonly kind: 'bytes'; readonly bytes: Buffer }
  | { readonly kind: 'too_large' }
  /** Said to be gzip, and is not, or not all of it. */
  | { readonly kind: 'damaged' }
  | { readonly kind: 'encoding_unknown' }

export interface InflateOptions {
  /** The header as it came; undefined when there was none. */
  readonly encoding: string | undefined
  readonly bytesMax: number
}

/** Inflates away from the event loop. */
const gunzip: (body: InputType, options: { maxOutputLength: number }) => Promise<Buffer> =
  promisify(gunzipWithCallback)

export async function inflate(body: Buffer, { encoding, bytesMax }: InflateOptions): Promise<Inflated> {
  switch (encoding?.trim().toLowerCase()) {
    case undefined:
    case '':
    case 'identity':
      return body.length > bytesMax ? { kind: 'too_large' } : { kind: 'bytes', bytes: body }
    case 'gzip':
    case 'x-gzip':
      return await inflateGzip(body, bytesMax)
    default:
      return { kind: 'encoding_unknown' }
  }
}

async function inflateGzip(body: Buffer, bytesMax: number): Promise<Inflated> {
  try {
    return { kind: 'bytes', bytes: await gunzip(body, { maxOutputLength: bytesMax }) }
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined
    if (code === 'ERR_BUFFER_TOO_LARGE') return { kind: 'too_large' }
    if (typeof code === 'string' && code.startsWith('Z_')) return { kind: 'damaged' }
    throw error
  }
}
