/**
 * What the name of a tag or of a metadata key says of its value. Names are compared by their words, so that
 * `userPrompt`, `user_prompt` and `gen_ai.user.prompt.0` are one, and `prompt_tokens` is not.
 */
export interface NameFacts {
  /** The value is prompt or completion text, whatever it says. */
  readonly isText: boolean
  /** As above, but the name has other uses too: `system`, `content`. */
  readonly isTextPerhaps: boolean
  /** The value is a secret, whatever it looks like. */
  readonly isSecret: boolean
  readonly isPhone: boolean
  readonly isCard: boolean
  readonly isIp: boolean
  readonly isVersion: boolean
  /** The words with single spaces around each, to look for ` ssn `. */
  readonly words: string
}

export const NO_NAME: NameFacts = {
  isText: false,
  isTextPerhaps: false,
  isSecret: false,
  isPhone: false,
  isCard: false,
  isIp: false,
  isVersion: false,
  words: ' ',
}

export function nameFacts(name: string): NameFacts {
  const words = wordsOf(name)
  const spaced = ` ${words.join(' ')} `
  const isMadeOf = (known: ReadonlySet<string>): boolean =>
    words.some((word) => known.has(word)) && words.every((word) => known.has(word) || AROUND_TEXT.has(word))
  return {
    isText: isMadeOf(ALL_TEXT),
    isTextPerhaps: isMadeOf(ALL_TEXT) && !words.some((word) => TEXT.has(word)),
    isSecret: SECRET.test(spaced) && !NO_SECRET.test(spaced),
    isPhone: PHONE.test(spaced),
    isCard: CARD.test(spaced),
    isIp: IP.test(spaced),
    isVersion: VERSION.test(spaced),
    words: spaced,
  }
}

/** `userPrompt2`, `user-prompt` and `USER.PROMPT` are user and prompt; digits that only number are left out. */
const wordsOf = (name: string): string[] =>
  name
    .slice(0, NAME_CHARS_MAX)
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter((word) => word !== '' && !/^\d+$/.test(word))

const NAME_CHARS_MAX = 128

/** Names that hold what people and models said, and little else. */
const TEXT: ReadonlySet<string> = new Set([
  ...['prompt', 'prompts', 'messages', 'completion', 'completions', 'transcript', 'transcripts'],
  ...['transcription', 'conversation', 'instructions', 'thinking', 'chat_history'],
])
const TEXT_PERHAPS: ReadonlySet<string> = new Set([
  ...[
    'input',
    'inputs',
    'output',
    'outputs',
    'response',
    'responses',
    'content',
    'contents',
    'text',
    'texts',
  ],
  ...['query', 'queries', 'question', 'questions', 'answer', 'answers', 'system', 'instruction', 'message'],
  ...['reply', 'history', 'generation', 'generations', 'arguments', 'utterance'],
])
const ALL_TEXT: ReadonlySet<string> = new Set([...TEXT, ...TEXT_PERHAPS])
/** Words that may stand beside those without changing what the value is. */
const AROUND_TEXT: ReadonlySet<string> = new Set([
  ...[
    'user',
    'assistant',
    'human',
    'model',
    'llm',
    'ai',
    'gen',
    'chat',
    'raw',
    'full',
    'final',
    'last',
    'first',
  ],
  ...['initial', 'original', 'body', 'string', 'json', 'reasoning', 'tool', 'function', 'call', 'customer'],
  ...['openai', 'anthropic', 'negative', 'developer', 'context', 'value', 'data', 'the', 'my'],
])

const SECRET =
  / (?:password|passwd|pwd|passphrase|secret|secrets|credential|credentials|authorization|apikey|(?:api|access|secret|private|account|signing|encryption|master|auth|shared|openai|anthropic|azure|gemini|groq|mistral|cohere|stripe|sendgrid|twilio) (?:key|keys)|(?:access|auth|refresh|id|api|bearer|session|app|bot|ci|deploy|personal) token|token|cookie) $/
const NO_SECRET = / (?:next|page|continuation|sync|cursor|cached|public|foreign|type|name|id) (?:token|key) $/
const PHONE =
  / (?:phone|phones|telephone|tel|telefon|mobile|mobil|cell|cellphone|msisdn|whatsapp|fax|sms|handy)(?: (?:number|no|nr|e164))? $/
const CARD = / (?:card|cc|pan|creditcard|cardnumber)(?: (?:number|no|nr|num))? $/
const IP =
  / (?:ip|ips|ipv4|ipv6|ipaddress|addr|remote addr|remote address|x forwarded for|forwarded for|client address|host|peer|cidr)(?: (?:address|addr|v4|v6))? $/
const VERSION = / (?:version|versions|ver|release|build|semver|firmware|revision|tag) $/
