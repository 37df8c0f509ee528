/** POST /v1/embeddings. The vectors have the right shape and mean nothing. */
import { type Body, optionalInteger, Refused, refuseUnknown, requiredString } from './body-reader.ts'
import { modelNamed } from './models.ts'
import { invalid, unknownModel } from './rejection.ts'
import type { Reply } from './reply.ts'
import { countTokens } from './tokens.ts'

const KNOWN = new Set(['dimensions', 'encoding_format', 'input', 'model', 'user'])
const INPUTS_MAX = 2048

export function embeddings(body: Body): Reply {
  refuseUnknown(body, KNOWN)
  const model = modelNamed(requiredString(body, 'model'))
  if (model?.kind !== 'embedding') throw new Refused(unknownModel(String(body.model)))
  const inputs = readInputs(body.input)
  const full = model.dimensions ?? 1536
  const dimensions = optionalInteger(body, 'dimensions', 1, full) ?? full
  const encoding = body.encoding_format ?? 'float'
  if (encoding !== 'float' && encoding !== 'base64') {
    throw new Refused(
      invalid("Invalid 'encoding_format': expected 'float' or 'base64'.", 'encoding_format', 'invalid_value'),
    )
  }
  const vector = new Float32Array(dimensions).fill(1 / Math.sqrt(dimensions))
  const embedding = encoding === 'float' ? [...vector] : Buffer.from(vector.buffer).toString('base64')
  const tokens = inputs.reduce((sum, input) => sum + input, 0)
  return {
    model: model.snapshot,
    stream: false,
    head: [],
    tokens: [],
    tail: [],
    whole: () => ({
      object: 'list',
      data: inputs.map((_, index) => ({ object: 'embedding', index, embedding })),
      model: model.snapshot,
      usage: { prompt_tokens: tokens, total_tokens: tokens },
    }),
  }
}

/** The number of tokens of each input: texts, or token numbers. */
function readInputs(input: unknown): readonly number[] {
  if (typeof input === 'string' && input !== '') return [countTokens(input)]
  if (Array.isArray(input) && input.length > 0 && input.length <= INPUTS_MAX) {
    if (input.every((one) => typeof one === 'string' && one !== ''))
      return input.map((one) => countTokens(String(one)))
    if (input.every((one) => Number.isInteger(one))) return [input.length]
    if (input.every((one) => Array.isArray(one) && one.length > 0)) {
      return input.map((one: readonly unknown[]) => one.length)
    }
  }
  throw new Refused(invalid("'$.input' is invalid. Please check the API reference.", null))
}
