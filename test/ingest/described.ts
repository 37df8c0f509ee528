/** Whether an answer is as /openapi.json describes it: its status, its type, its body, and the body that was sent. */
import { Ajv2020 } from 'ajv/dist/2020.js'
import formats from 'ajv-formats'
import { isJsonObject, type JsonObject } from '../../core/event/field-reader.ts'

export interface Exchange {
  readonly method: string
  readonly url: string
  readonly sent?: unknown
  readonly status: number
  readonly type: string | null
  readonly body: string
}

export interface Described {
  /** What is amiss, each as a sentence; none when all is as described. */
  problemsOf(exchange: Exchange): string[]
  /** `GET /v1/budgets 200`, of every answer that was looked at. */
  readonly seen: ReadonlySet<string>
  /** `GET /v1/budgets`, of every call that is described. */
  readonly routes: readonly string[]
}

export function describedBy(document: unknown): Described {
  const ajv = new Ajv2020({ strict: false, allErrors: true })
  formats.default(ajv)
  ajv.addSchema({ $id: 'api', ...at(document) })
  const seen = new Set<string>()
  const fits = (path: readonly string[], value: unknown, what: string): string[] => {
    const pointer = path
      .map((part) => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1')))
      .join('/')
    const validate = ajv.getSchema(`api#/${pointer}`)
    if (validate === undefined) return [`${what} is not described`]
    return validate(value)
      ? []
      : (validate.errors ?? []).map((error) => `${what}${error.instancePath} ${error.message}`)
  }
  return {
    seen,
    routes: Object.entries(at(at(document).paths)).flatMap(([path, operations]) =>
      Object.keys(at(operations)).map((method) => `${method.toUpperCase()} ${path}`),
    ),
    problemsOf({ method, url, sent, status, type, body }) {
      const pathname = url.split('?', 1)[0] ?? ''
      const paths = Object.keys(at(at(document).paths))
      // A path of words goes before one with a place for any word, as OpenAPI has it.
      const template =
        paths.find((path) => path === pathname) ?? paths.find((path) => pathFits(path, pathname))
      if (template === undefined) return [`${method} ${pathname} is not described`]
      const operation = ['paths', template, method.toLowerCase()]
      const responses = at(operation.reduce<unknown>((inner, part) => at(inner)[part], document)).responses
      const answer = at(at(responses)[String(status)])
      if (Object.keys(answer).length === 0) return [`${method} ${template} describes no ${status}`]
      seen.add(`${method} ${template} ${status}`)
      const where =
        typeof answer.$ref === 'string'
          ? answer.$ref.slice(2).split('/')
          : [...operation, 'responses', String(status)]
      const content = where.reduce<unknown>((inner, part) => at(inner)[part], document)
      const types = Object.keys(at(at(content).content))
      if (types.length === 0) return body === '' ? [] : [`${method} ${template} ${status} is to have no body`]
      const media = types.find((name) => type?.startsWith(name))
      if (media === undefined)
        return [`${method} ${template} ${status} is ${type}, not ${types.join(' or ')}`]
      const answered = fits(
        [...where, 'content', media, 'schema'],
        JSON.parse(body),
        `${method} ${template} ${status}`,
      )
      if (sent === undefined || status >= 300) return answered
      const taken = fits(
        [...operation, 'requestBody', 'content', 'application/json', 'schema'],
        sent,
        `${method} ${template}`,
      )
      return [...answered, ...taken]
    },
  }
}

const at = (value: unknown): JsonObject => (isJsonObject(value) ? value : {})

function pathFits(template: string, pathname: string): boolean {
  const [wanted, given] = [template.split('/'), pathname.split('/')]
  return (
    wanted.length === given.length &&
    wanted.every((part, place) => part.startsWith('{') || part === given[place])
  )
}
