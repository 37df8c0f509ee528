/**
 * The most input tokens that a request of so many bytes can be, for a hold that is placed before anybody has counted.
 *
 * A token of a byte-level BPE tokenizer (GPT's, Llama's, Qwen's, DeepSeek's, Mistral's since Tekken) stands for at least
 * one byte of its text, and so does one of SentencePiece with byte fallback (Gemini's and Gemma's). So text has at most
 * as many tokens as bytes in UTF-8; English has about a quarter. The bytes are those of the whole JSON body: its escapes
 * are never shorter than what they stand for, and `{"role":"user","content":""}` is longer than the three to eight tokens
 * in which a model frames a message (OpenAI's cookbook, "How to count tokens with tiktoken": three, a name, and three
 * for the reply). What a provider adds once is added here.
 *
 * Bytes are no bound for what is not in them or is no text: images, audio, video and documents, however sent; files,
 * stored prompts, cached contents and earlier responses that are named by an id or a URL; tools that the provider
 * defines or runs (web search, code execution, computer use, MCP), whose descriptions and results it bills as input. Nor
 * where a tokenizer first rewrites its text to a longer one (NFKC makes 33 bytes of the three of U+FDFA); Anthropic
 * publishes no tokenizer since Claude 2's, which did. Such a call says `inputTokens`, as the provider's own counter has
 * it (OpenAI's tiktoken is exact for text; Anthropic calls the answer of `count_tokens` an estimate: add some).
 */

/** Marks of the beginning, of the reply, and of a system message that the client did not write. */
const TOKENS_OF_REQUEST = 32n
/**
 * The prompt that enables tools. The longest that Anthropic states is 530 tokens (Claude 3 Opus), by
 * https://docs.anthropic.com/en/docs/tool-use-pricing-and-tokens; the others state none.
 */
const TOKENS_OF_TOOLS = 1_024n

export interface BytesOfRequest {
  /** Of the whole JSON body, in UTF-8. */
  readonly inputBytes: number
  /** False where the request has no tools; whoever does not say so may have some. */
  readonly tools?: boolean
}

export const inputTokensMax = ({ inputBytes, tools = true }: BytesOfRequest): bigint =>
  BigInt(inputBytes) + TOKENS_OF_REQUEST + (tools ? TOKENS_OF_TOOLS : 0n)
