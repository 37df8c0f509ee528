/** The messages of a chat or a response, checked as OpenAI checks them, and the text that the model would read. */
import { type Body, isObject, kindOf, Refused } from './body-reader.ts'
import { invalid } from './rejection.ts'
import { countTokens } from './tokens.ts'

const ROLES = new Set(['developer', 'system', 'user', 'assistant', 'tool', 'function'])

export interface Prompt {
  readonly tokens: number
  readonly lastText: string
}

export function readMessages(body: Body, field: 'messages' | 'input'): Prompt {
  const messages = body[field]
  if (!Array.isArray(messages)) {
    throw new Refused(
      invalid(
        `Invalid type for '${field}': expected an array of objects, but got ${kindOf(messages)} instead.`,
        field,
        'invalid_type',
      ),
    )
  }
  if (messages.length === 0) {
    throw new Refused(
      invalid(
        `Invalid '${field}': empty array. Expected an array with minimum length 1.`,
        field,
        'empty_array',
      ),
    )
  }
  const texts = messages.map((message: unknown, index) => textOf(message, `${field}[${index}]`))
  return promptOf(texts)
}

export const promptOf = (texts: readonly string[]): Prompt => ({
  tokens: texts.reduce((sum, text) => sum + countTokens(text), 0),
  lastText: texts.at(-1) ?? '',
})

function textOf(message: unknown, where: string): string {
  if (!isObject(message)) {
    throw new Refused(
      invalid(
        `Invalid type for '${where}': expected an object, but got ${kindOf(message)} instead.`,
        where,
        'invalid_type',
      ),
    )
  }
  const { role, content } = message
  if (typeof role !== 'string') {
    throw new Refused(
      invalid(`Missing required parameter: '${where}.role'.`, `${where}.role`, 'missing_required_parameter'),
    )
  }
  if (!ROLES.has(role)) {
    throw new Refused(
      invalid(
        `Invalid value: '${role}'. Supported values are: ${[...ROLES].join(', ')}.`,
        `${where}.role`,
        'invalid_value',
      ),
    )
  }
  if (typeof content === 'string') return content
  if (Array.isArray(content)) {
    return content.map((part: unknown, index) => partText(part, `${where}.content[${index}]`)).join(' ')
  }
  if (role === 'assistant' && (content === null || content === undefined)) return ''
  throw new Refused(
    invalid(
      `Invalid type for '${where}.content': expected one of a string or array of objects, but got ${kindOf(content)} instead.`,
      `${where}.content`,
      'invalid_type',
    ),
  )
}

function partText(part: unknown, where: string): string {
  if (!isObject(part) || typeof part.type !== 'string') {
    throw new Refused(
      invalid(`Missing required parameter: '${where}.type'.`, `${where}.type`, 'missing_required_parameter'),
    )
  }
  return typeof part.text === 'string' ? part.text : ''
}
