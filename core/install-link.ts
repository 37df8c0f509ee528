/** The link by which a workspace is installed into an organisation that there is, in place of one of its own. */
import type { Keyring } from './envelope.ts'
import { type ReadNote, readNote, writeNote } from './sealed-note.ts'

const PURPOSE = 'slack_install_link'
export const INSTALL_PATH = '/slack/install'
export const LINK_DAYS = 7

export function installLink(
  { publicUrl, orgId, now }: { readonly publicUrl: string; readonly orgId: string; readonly now: Date },
  keyring: Keyring,
): string {
  const expiresAt = new Date(now.getTime() + LINK_DAYS * 86_400_000)
  const join = writeNote({ purpose: PURPOSE, says: orgId, expiresAt }, keyring)
  return `${publicUrl}${INSTALL_PATH}?join=${join}`
}

/** What it says is the organisation's id. */
export const readInstallLink = (join: string, at: { keyring: Keyring; now: Date }): ReadNote =>
  readNote(join, PURPOSE, at)
