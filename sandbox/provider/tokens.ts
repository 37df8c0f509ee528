/**
 * The stand-in's tokenizer and author, both simple and stated, so that a test can work out every count:
 * a token is a run of non-space characters; an answer has as many tokens as the last message asks for with
 * "Answer in N tokens." or, in one word, "answer:N", else 64, and is cut at the request's maximum.
 */
const NATURAL_LENGTH = 64
const ASKED_LENGTH = /^\s*(?:Answer in (\d{1,7}) tokens\.|answer:(\d{1,7})(?=\s|$))/

export const countTokens = (text: string): number => text.match(/\S+/g)?.length ?? 0

export interface Answer {
  readonly tokens: readonly string[]
  readonly cut: boolean
}

export function answerTo(request: { lastText: string; tokensMax: number | null }): Answer {
  const [, inWords, inOneWord] = ASKED_LENGTH.exec(request.lastText) ?? []
  const natural = Number(inWords ?? inOneWord ?? NATURAL_LENGTH)
  const length = Math.min(natural, request.tokensMax ?? natural)
  return { tokens: Array.from({ length }, (_, index) => wordAt(index)), cut: length < natural }
}

/** Each token is one word, and carries the space that parts it from the one before. */
const wordAt = (index: number): string => `${index === 0 ? '' : ' '}w${index + 1}`
