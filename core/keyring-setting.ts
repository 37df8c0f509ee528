/** The keys that seal stored secrets, as the environment gives them. */
import { type Keyring, parseKeyring } from './envelope.ts'
import type { Settings } from './settings.ts'

const KEYRING_FORM =
  'ID:BASE64 of 32 bytes, such as k1:$(openssl rand -base64 32); several with commas, newest first'
/** Stands where a keyring was complained of, as an empty text does for a URL; nobody receives it. */
const NO_KEYRING: Keyring = { currentKeyId: '', keys: new Map() }

export function readKeyring(settings: Settings): Keyring {
  const text = settings.required('LENS_SECRET_KEYS', `it must be ${KEYRING_FORM}`)
  if (text === '') return NO_KEYRING
  try {
    return parseKeyring(text)
  } catch (error) {
    const why = error instanceof Error ? error.message : 'unreadable'
    settings.complain(`LENS_SECRET_KEYS must be ${KEYRING_FORM} (${why})`)
    return NO_KEYRING
  }
}
