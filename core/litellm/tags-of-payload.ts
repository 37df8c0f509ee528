/** The tags of a call through LiteLLM: its request tags, and the team, key and group of models it went by. */
import type { JsonObject } from '../event/field-reader.ts'
import { objectAt, textAt, textFrom } from './payload-reader.ts'

const TAGS_MAX = 32
const KEY_CHARS_MAX = 64
const VALUE_CHARS_MAX = 256

/** LiteLLM's proxy tags every call with its client's version, which tells nothing of the spend. */
const NOISE = 'User-Agent'

export function tagsOf(payload: JsonObject, isCacheHit: boolean): JsonObject {
  const metadata = objectAt(payload, 'metadata')
  const known = {
    ...(isCacheHit ? { cache_hit: 'true' } : {}),
    team:
      textAt(metadata, 'user_api_key_team_alias', VALUE_CHARS_MAX) ??
      textAt(metadata, 'user_api_key_team_id', VALUE_CHARS_MAX),
    litellm_key: textAt(metadata, 'user_api_key_alias', VALUE_CHARS_MAX),
    litellm_model_group: textAt(payload, 'model_group', VALUE_CHARS_MAX),
  }
  const tags = new Map(Object.entries(known).filter(([, value]) => value !== null))
  const requested = Array.isArray(payload.request_tags) ? payload.request_tags : []
  for (const tag of requested) {
    if (tags.size >= TAGS_MAX) break
    const [key, value] = splitTag(tag)
    if (key !== null && value !== null && key !== NOISE && key !== 'cache_hit') tags.set(key, value)
  }
  return Object.fromEntries(tags)
}

/** `team:growth` is the tag team = growth; a tag without a colon is true. */
function splitTag(tag: unknown): [string | null, string | null] {
  const text = textFrom(tag, KEY_CHARS_MAX + 1 + VALUE_CHARS_MAX)
  if (text === null) return [null, null]
  const colon = text.indexOf(':')
  if (colon === -1) return [textFrom(text, KEY_CHARS_MAX), 'true']
  return [
    textFrom(text.slice(0, colon), KEY_CHARS_MAX),
    textFrom(text.slice(colon + 1), VALUE_CHARS_MAX) ?? 'true',
  ]
}
