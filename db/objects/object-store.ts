/**
 * Objects by key, the same over a folder and over S3.
 * Invariant: an object is there whole or not at all, and `put` of the same key with the same bytes can be repeated at
 * any time. A key is one or more names joined by `/`, and no key is the folder of another (S3 would allow it, a folder
 * cannot).
 */
export interface ObjectStore {
  /** Durable once it answers. Replaces what the key held. */
  readonly put: (key: string, bytes: Uint8Array) => Promise<void>
  /** Null when there is no such object. */
  readonly get: (key: string) => Promise<Uint8Array | null>
  /** The objects whose keys begin with `prefix` (any text, '' for all), in the order of their keys' UTF-8 bytes. */
  readonly list: (prefix: string) => AsyncIterable<ObjectEntry>
  /** Harmless when there is no such object. */
  readonly delete: (key: string) => Promise<void>
  readonly close: () => Promise<void>
}

export interface ObjectEntry {
  readonly key: string
  readonly sizeBytes: number
}

/** S3's own limit; a name in a folder has a tighter one of its own. */
const KEY_BYTES_MAX = 1_024
const NAME_BYTES_MAX = 255

/**
 * Throws `object_key_invalid` unless every store can hold the key: no empty name, `.` or `..`, no control characters
 * or backslashes, no name that a folder would not take.
 */
export function checkKey(key: string): string {
  const names = key.split('/')
  const reason =
    Buffer.byteLength(key) > KEY_BYTES_MAX
      ? `it is longer than ${KEY_BYTES_MAX} bytes`
      : names.some((name) => name === '' || name === '.' || name === '..')
        ? 'it has an empty name, . or ..'
        : names.some((name) => Buffer.byteLength(name) > NAME_BYTES_MAX)
          ? `it has a name longer than ${NAME_BYTES_MAX} bytes`
          : /[\p{Cc}\p{Cs}\\]/u.test(key)
            ? 'it has a control character, a broken one, or a backslash'
            : names.some((name) => name.endsWith(UNFINISHED))
              ? `it has a name that ends in ${UNFINISHED}, which marks unfinished files`
              : null
  if (reason === null) return key
  throw Object.assign(new Error(`${JSON.stringify(key)} is no key for an object: ${reason}`), {
    code: 'object_key_invalid',
  })
}

/** How the folder names a file that is not whole yet; no key ends so, and no list shows one. */
export const UNFINISHED = '.unfinished'
