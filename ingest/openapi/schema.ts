/** The words in which the calls are described: parts of JSON Schema 2020-12 and OpenAPI 3.1, as plain objects. */
export interface Schema {
  readonly [keyword: string]: unknown
}

export interface Answer {
  readonly description: string
  readonly headers?: Readonly<Record<string, { readonly description: string; readonly schema: Schema }>>
  readonly content?: Readonly<Record<string, { readonly schema: Schema }>>
}

export interface Parameter {
  readonly name: string
  readonly in: 'query' | 'path' | 'header'
  readonly required?: boolean
  readonly description: string
  readonly schema: Schema
}

export interface Operation {
  readonly operationId: string
  readonly summary: string
  readonly description?: string
  readonly tags: readonly [string]
  readonly security?: readonly Readonly<Record<string, readonly string[]>>[]
  readonly parameters?: readonly Parameter[]
  readonly requestBody?: {
    readonly required: boolean
    readonly content: Readonly<Record<string, { readonly schema: Schema }>>
  }
  readonly responses: Readonly<Record<string, Answer | { readonly $ref: string }>>
}

export type Method = 'get' | 'post' | 'patch' | 'delete'
export type Paths = Readonly<Record<string, Readonly<Partial<Record<Method, Operation>>>>>

/** All that is listed is there, unless it is said to be optional. */
export function object(
  properties: Readonly<Record<string, Schema>>,
  optional: readonly string[] = [],
): Schema {
  const required = Object.keys(properties).filter((name) => !optional.includes(name))
  return { type: 'object', properties, ...(required.length === 0 ? {} : { required }) }
}
/** What a body may hold: nothing that is not listed. */
export const body = (
  properties: Readonly<Record<string, Schema>>,
  required: readonly string[] = [],
): Schema => ({
  ...{ type: 'object', properties, additionalProperties: false },
  ...(required.length === 0 ? {} : { required }),
})
export const list = (items: Schema, bounds: Schema = {}): Schema => ({ type: 'array', items, ...bounds })
export const orNull = (schema: Schema): Schema => ({ anyOf: [schema, { type: 'null' }] })
export const oneOf = (...values: readonly string[]): Schema => ({ type: 'string', enum: values })
export const text = (charsMax: number): Schema => ({ type: 'string', minLength: 1, maxLength: charsMax })
export const whole = (minimum: number, maximum?: number): Schema => ({
  ...{ type: 'integer', minimum },
  ...(maximum === undefined ? {} : { maximum }),
})
export const named = (name: string): Schema => ({ $ref: `#/components/schemas/${name}` })

export const FLAG: Schema = { type: 'boolean' }
export const INSTANT: Schema = { type: 'string', format: 'date-time' }
/** Money as it is answered: USD with nine places. */
export const USD: Schema = { type: 'string', pattern: '^-?\\d+\\.\\d{9}$', examples: ['25.000000000'] }
/** Money as it is said. */
export const USD_SAID: Schema = { type: 'string', pattern: '^\\d{1,9}(\\.\\d{1,9})?$', examples: ['25.50'] }
/** Nano-dollars, as a decimal string since it can pass 2^53. */
export const NANO_USD: Schema = { type: 'string', pattern: '^-?\\d+$' }

export const JSON_TYPE = 'application/json'
export const json = (schema: Schema) => ({ [JSON_TYPE]: { schema } })
export const answers = (description: string, schema: Schema): Answer => ({
  description,
  content: json(schema),
})
export const takes = (schema: Schema, required = true) => ({ required, content: json(schema) })

/** The refusals of a call by their statuses, beside those that any call with a key can meet. */
export const refusals = (...statuses: readonly number[]): Record<string, { readonly $ref: string }> =>
  Object.fromEntries(
    [...statuses, 400, 401, 403, 429, 500, 503].map((status) => [
      String(status),
      { $ref: '#/components/responses/Refused' },
    ]),
  )

/** Which scopes a key needs, any one of them. */
export const keyWith = (...scopes: readonly string[]) => scopes.map((scope) => ({ key: [scope] }))
