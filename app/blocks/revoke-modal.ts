/** The modal that ends a key: what happens is said before the button that does it. */
import { doesApiKeyWork } from '../../core/api-key-life.ts'
import type { ListedApiKey } from '../../db/postgres/api-key-deeds.ts'
import { FIELDS, VIEWS } from '../ids.ts'
import { choiceField } from './inputs.ts'
import { sayModal } from './override-modal.ts'
import { clip, type ModalView, plain, section, utc } from './text.ts'

/** Slack's menus hold a hundred. */
const KEYS_MAX = 100

export function revokeModal(keys: readonly ListedApiKey[], now: Date): ModalView {
  // What was not used for longest first: that is what is mostly meant.
  const live = keys
    .filter((key) => doesApiKeyWork(key, now))
    .sort((a, b) => (a.lastUsedAt?.getTime() ?? 0) - (b.lastUsedAt?.getTime() ?? 0))
  if (live.length === 0) return sayModal('Revoke a key', 'There is no key that works.')
  return {
    type: 'modal',
    callback_id: VIEWS.revokeKey,
    title: plain('Revoke a key', 24),
    submit: plain('Revoke it now', 24),
    close: plain('Cancel', 24),
    blocks: [
      section(
        ':warning:  *This cannot be undone.* What sends with the key is refused at once: its calls are not counted any more, and its budgets not heard. Put a new key in its place first.',
      ),
      choiceField({
        id: FIELDS.key,
        label: 'Key',
        choices: live.slice(0, KEYS_MAX).map((key) => ({ value: key.id, text: wordsOf(key) })),
        initial: null,
      }),
    ],
  }
}

/** A choice holds 75 characters. */
const wordsOf = ({ prefix, name, projectName, lastUsedAt }: ListedApiKey): string =>
  `${prefix}  ${clip(name, 16)}, ${clip(projectName, 16)}, ${lastUsedAt === null ? 'never used' : `used ${utc(lastUsedAt)}`}`
