/** The words that the descriptions of what people manage share. */
import { type Answer, keyWith, type Parameter, type Schema, text } from './schema.ts'

export const reads = { tags: ['Manage'], security: keyWith('read', 'manage') } as const
export const manages = { tags: ['Manage'], security: keyWith('manage') } as const
export const DONE: Answer = { description: 'It is done.' }

export const idOf = (of: string): Parameter => ({
  ...{ name: 'id', in: 'path', required: true },
  ...{ description: `The id of the ${of}.`, schema: { type: 'string' } },
})
export const query = (name: string, description: string, schema: Schema): Parameter => ({
  ...{ name, in: 'query', description, schema },
})
export const ONCE: Parameter = {
  ...{ name: 'Idempotency-Key', in: 'header', schema: text(128) },
  description: 'Sent again with the same key and body, nothing is made twice, and the answer says what was.',
}
