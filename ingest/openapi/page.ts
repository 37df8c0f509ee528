/** How lists are described. */
import { list, named, object, orNull, type Parameter, type Schema, text, whole } from './schema.ts'

export const PAGE_PARAMETERS: readonly Parameter[] = [
  { name: 'limit', in: 'query', description: 'How many at most; 50 unless said.', schema: whole(1, 200) },
  { name: 'cursor', in: 'query', description: 'The next_cursor of the page before.', schema: text(1024) },
]

export const pageOf = (name: string): Schema =>
  object({ items: list(named(name)), next_cursor: orNull({ type: 'string' }) })
