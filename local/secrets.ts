/**
 * What this installation made for itself at its first start: kept in a file that only its owner can read, so that
 * every later start has the same key, token and secrets.
 */
import { randomBytes } from 'node:crypto'
import { chmod, readFile, rename, writeFile } from 'node:fs/promises'
import path from 'node:path'

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
  const text = await readFile(fileIn(dir), 'utf8').catch(() => null)
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

/** Writes beside and renames, so that a kill leaves the old file or the new one. */
export async function saveSecrets(dir: string, secrets: LocalSecrets): Promise<void> {
  const beside = `${fileIn(dir)}.${process.pid}`
  await writeFile(beside, `${JSON.stringify(secrets, null, 2)}\n`, { mode: 0o600 })
  await chmod(beside, 0o600)
  await rename(beside, fileIn(dir))
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
