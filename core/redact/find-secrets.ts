/**
 * Keys and tokens of the shapes that their makers document, JWTs, and values that are named as secrets.
 * A known prefix is not enough where words could follow it: `sk-learn-pipeline` is no key.
 */
import type { Finding } from './kinds.ts'

export function findSecrets(text: string): Finding[] {
  const found: Finding[] = []
  for (const { index, 0: all } of text.matchAll(JWT)) {
    found.push({ kind: 'jwt', from: index, until: index + all.length })
  }
  for (const { index, 0: all } of text.matchAll(KEYS)) {
    if (isRandom(all)) found.push({ kind: 'api_key', from: index, until: index + all.length })
  }
  for (const { index, 0: all, 1: value = '' } of text.matchAll(BEARER)) {
    if (/\d|[a-z][A-Z]/.test(value)) found.push(endOf(index + all.length, value))
  }
  for (const { index, 0: all, 1: value = '' } of text.matchAll(ASSIGNED)) {
    if (isSecretValue(value)) found.push(endOf(index + all.length, value))
  }
  return found
}

/** The password of `scheme://user:password@host`. */
export function findUserinfo(text: string): Finding[] {
  const found: Finding[] = []
  for (const { index, 0: all, 1: value = '' } of text.matchAll(USERINFO)) {
    found.push(endOf(index + all.length, value))
  }
  return found
}

/** A private key in PEM, to its end or the end of the text. */
export function findPrivateKeys(text: string): Finding[] {
  const found: Finding[] = []
  let from = text.search(PEM_BEGIN)
  while (from !== -1) {
    const end = PEM_END.exec(text.slice(from))
    const until = end ? from + end.index + end[0].length : text.length
    found.push({ kind: 'api_key', from, until })
    const next = text.slice(until).search(PEM_BEGIN)
    from = next === -1 ? -1 : until + next
  }
  return found
}

/** What stands where a secret is expected but is none. */
export const isSecretValue = (value: string): boolean =>
  value.length >= SECRET_CHARS_MIN && !NO_SECRET.test(value) && !/^[\d.,]{1,12}$/.test(value)

const SECRET_CHARS_MIN = 6
const NO_SECRET =
  /^(?:true|false|null|none|undefined|missing|required|optional|expired|invalid|revoked|redacted|bearer|basic|unset|empty|default|present|\*+|x+|<.{0,40}>|\{.{0,40}\}|\[[a-z_]{2,16}\])$/i

const endOf = (until: number, value: string): Finding => ({
  kind: 'api_key',
  from: until - value.length,
  until,
})

/** After a prefix that words could follow: one run of 12 letters and digits that has both. */
function isRandom(key: string): boolean {
  const prefix = WORDY.exec(key)?.[0]
  if (prefix === undefined) return true
  const runs = key.slice(prefix.length).split(/[^A-Za-z0-9]+/)
  return runs.some((run) => run.length >= 12 && /\d/.test(run) && /[A-Za-z]/.test(run))
}

const WORDY = /^(?:sk|gl[a-z]{1,5}|xox[a-z]|nvapi|tvly)-/

const JWT = /(?<![\w-])eyJ[\w-]{8,}(?:\.[\w-]{4,}){1,4}/g

/** Each begins at the start of a word; none can match one text in two ways. */
const KEYS = new RegExp(
  `(?<![A-Za-z0-9])(?:${[
    // OpenAI, Anthropic, OpenRouter, Langfuse, LiteLLM, DeepSeek and others.
    'sk-[\\w-]{20,}',
    // AWS access keys.
    '(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{16}(?![A-Za-z0-9])',
    // Google: API keys, OAuth tokens and client secrets.
    'AIza[\\w-]{35}',
    'ya29\\.[\\w-]{20,}',
    'GOCSPX-[\\w-]{20,}',
    // GitHub, GitLab.
    'gh[pousr]_[A-Za-z0-9]{36,}',
    'github_pat_\\w{22,}',
    'gl(?:pat|ptt|rt|dt|oas|soat|cbt|ft|imt|agent)-[\\w-]{20,}',
    // Slack: tokens, app tokens, webhooks.
    'xox[a-z]-[A-Za-z0-9-]{10,}',
    'xapp-\\d-[A-Za-z0-9-]{20,}',
    'hooks\\.slack\\.com/services/[A-Za-z0-9]{8,}/[A-Za-z0-9]{8,}/[A-Za-z0-9]{20,}',
    // Stripe, Twilio, SendGrid, Square, Shopify.
    '[sr]k_(?:live|test)_[A-Za-z0-9]{16,}',
    'whsec_[A-Za-z0-9+/=]{24,}',
    'SK[0-9a-f]{32}(?![A-Za-z0-9])',
    'SG\\.[\\w-]{16,32}\\.[\\w-]{16,64}',
    'sq0[a-z]{3}-[\\w-]{22,}',
    'shp(?:at|ca|pa|ss)_[0-9a-fA-F]{32}',
    // Where models and packages come from.
    'hf_[A-Za-z0-9]{30,}',
    'npm_[A-Za-z0-9]{36}',
    'pypi-[\\w-]{50,}',
    'gsk_[A-Za-z0-9]{40,}',
    'xai-[A-Za-z0-9]{40,}',
    'r8_[A-Za-z0-9]{37}',
    'pplx-[A-Za-z0-9]{40,}',
    'nvapi-[\\w-]{40,}',
    'pcsk_\\w{40,}',
    'tvly-[\\w-]{20,}',
    'lsv2_(?:pt|sk)_\\w{32,}',
    // Clouds and tools.
    'do[opr]_v1_[0-9a-f]{64}',
    'dckr_pat_[\\w-]{20,}',
    'dapi[0-9a-f]{32}',
    'hvs\\.[\\w-]{24,}',
    'lin_api_[A-Za-z0-9]{32,}',
    'ntn_[A-Za-z0-9]{40,}',
    'figd_[\\w-]{32,}',
    'sbp_[0-9a-f]{40}',
    'key-[0-9a-f]{32}(?![A-Za-z0-9])',
    'AGE-SECRET-KEY-1[A-Z0-9]{50,}',
    // Ours.
    'lens_[a-z0-9]{8}_[\\w-]{43}',
  ].join('|')})`,
  'g',
)

const BEARER = /(?<![A-Za-z0-9])(?:bearer|basic)(?: |%20|\+)([A-Za-z0-9._~+/=-]{16,})/gi

/** `name=value` and `name: value`; a name may be the end of a longer one, as in OPENAI_API_KEY. */
const ASSIGNED =
  /(?<![A-Za-z])(?:password|passwd|pwd|secret|token|api[_-]?key|(?:access|account|secret|private|auth|shared|signing)[_-]?key|sharedaccesskey|client[_-]?secret|authtoken|accesstoken|signature|sig|(?<=[?&])key)(?:=|: ?|["']: ?["'])([^\s"'&;,<>]{6,})/gi

const USERINFO = /:\/\/[^\s/:@]{0,64}:([^\s/@]{3,128})(?=@)/g

const PEM_BEGIN = /-----BEGIN [A-Z ]{0,20}PRIVATE KEY(?: BLOCK)?-----/
const PEM_END = /-----END [A-Z ]{0,20}PRIVATE KEY(?: BLOCK)?-----/
