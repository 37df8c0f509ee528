/**
 * What this installation made for itself at its first start: kept in a file that only its owner can read, so that
 * every later start has the same key, token and secrets.
 */
import { randomBytes } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { writePrivateFile } from './private-file.ts'

export interface LocalSecrets {
  readonly slackBotToken: string
  readonly slackSigningSecret: string
  /** The keyring of the envelopes, as LENS_SECRET_KEYS takes it. */
  readonly secretKeys: string
  /** The API key of the first project; empty until it is minted. */
  readonly apiKey: string
}

export class LocalSecretsError extends Error {
  readonly code = 'local_secrets_unreadable'
}

const fileIn = (dir: string) => path.join(dir, 'secrets.json')

export async function readOrMakeSecrets(dir: string): Promise<LocalSecrets> {
  const text = await readIfThere(fileIn(dir))
  if (text !== null) return parse(text, fileIn(dir))
  const made: LocalSecrets = {
    slackBotToken: `xoxb-local-${randomBytes(18).toString('hex')}`,
    slackSigningSecret: randomBytes(16).toString('hex'),
    secretKeys: `k1:${randomBytes(32).toString('base64')}`,
    apiKey: '',
  }
  await saveSecrets(dir, made)
  return made
}

export const saveSecrets = (dir: string, secrets: LocalSecrets): Promise<void> =>
  writePrivateFile(fileIn(dir), `${JSON.stringify(secrets, null, 2)}\n`)

/** Null only when there is no file: one that cannot be read must not be replaced by fresh secrets. */
async function readIfThere(file: string): Promise<string | null> {
  try {
    return await readFile(file, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return null
    throw new LocalSecretsError(
      `${file} cannot be read: give this account leave to, or set LENS_DIR to another folder`,
    )
  }
}

function parse(text: string, file: string): LocalSecrets {
  const stored = parseJson(text)
  const { slackBotToken, slackSigningSecret, secretKeys, apiKey } = stored
  if (
    typeof slackBotToken === 'string' &&
    typeof slackSigningSecret === 'string' &&
    typeof secretKeys === 'string' &&
    typeof apiKey === 'string'
  ) {
    return { slackBotToken, slackSigningSecret, secretKeys, apiKey }
  }
  throw new LocalSecretsError(
    `${file} is damaged: restore it from a backup, or remove the folder it lies in to start afresh`,
  )
}

function parseJson(text: string): Record<string, unknown> {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? { ...value } : {}
  } catch {
    return {}
  }
}
