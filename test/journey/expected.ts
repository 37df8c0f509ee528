/**
 * What the calls of a journey must have cost, worked out apart from the product: no code of core, the rates written
 * out. gpt-4o: $2.50 a million input tokens, $10.00 a million output tokens (OpenAI's price list, 2024-10 to today),
 * so 2,500 and 10,000 nano-dollars a token.
 */
import type { TraceRequest } from '../../local/replay/trace.ts'

const INPUT_NANO_USD = 2_500n
const OUTPUT_NANO_USD = 10_000n

/** Nano-dollars of one request, as the provider's stand-in answers it: every token of the trace is billed. */
const expectedCost = ({ contextTokens, generatedTokens }: TraceRequest): bigint =>
  BigInt(contextTokens) * INPUT_NANO_USD + BigInt(generatedTokens) * OUTPUT_NANO_USD

export const expectedTotal = (requests: readonly TraceRequest[]): bigint =>
  requests.reduce((sum, request) => sum + expectedCost(request), 0n)
