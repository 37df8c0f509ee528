/**
 * What OpenTelemetry's emitters call the facts of a call: of several names for one fact the first that holds a value
 * counts. What stands in no list here is dropped unread while a request is parsed.
 *
 * Sources, with the state they were read in:
 * - OpenTelemetry GenAI: open-telemetry/semantic-conventions-genai, docs/registry/attributes/gen-ai.md, and the names that
 *   open-telemetry/semantic-conventions has deprecated (gen_ai.system, prompt_tokens, completion_tokens).
 * - OpenLLMetry 0.62: traceloop/openllmetry, opentelemetry/semconv_ai/__init__.py, old `llm.*` names included.
 * - Vercel AI SDK 4 to 7: vercel/ai, packages/otel/src/{legacy-open-telemetry,open-telemetry}.ts.
 * - OpenInference: Arize-ai/openinference, spec/semantic_conventions.md.
 * - Pydantic AI: pydantic/pydantic-ai, pydantic_ai/usage.py (opentelemetry_attributes) and _instrumentation.py.
 * - Anthropic's own SDK for Python, which has spans of its own since 2.x (scope com.anthropic.sdk.python), as captured.
 * - OpenLIT: openlit/openlit, semcov (gen_ai.usage.cost, gen_ai.request.is_stream, gen_ai.server.time_to_first_token).
 */
export const NAMES = {
  /** What a span is: decides whether it is billed. */
  operation: ['gen_ai.operation.name'],
  aiSdkOperation: ['ai.operationId'],
  openInferenceKind: ['openinference.span.kind'],
  traceloopKind: ['traceloop.span.kind'],
  requestType: ['llm.request.type'],

  provider: ['gen_ai.provider.name', 'gen_ai.system', 'llm.provider', 'llm.system', 'ai.model.provider'],
  model: [
    ...['gen_ai.response.model', 'ai.response.model', 'llm.response.model_name', 'gen_ai.request.model'],
    ...['llm.model_name', 'llm.request.model_name', 'embedding.model_name', 'reranker.model_name'],
    'ai.model.id',
  ],
  responseId: ['gen_ai.response.id', 'ai.response.id'],
  serviceTier: [
    ...['openai.response.service_tier', 'gen_ai.openai.response.service_tier'],
    ...['gen_ai.response.service_tier', 'gen_ai.anthropic.service_tier'],
    'anthropic.response.service_tier',
  ],
  streamed: [
    ...['gen_ai.request.stream', 'gen_ai.request.is_stream', 'gen_ai.is_streaming', 'llm.is_streaming'],
  ],

  tokensIn: [
    ...['gen_ai.usage.input_tokens', 'gen_ai.usage.prompt_tokens', 'llm.usage.prompt_tokens'],
    ...['llm.token_count.prompt', 'ai.usage.inputTokens', 'ai.usage.promptTokens', 'ai.usage.tokens'],
  ],
  tokensOut: [
    ...['gen_ai.usage.output_tokens', 'gen_ai.usage.completion_tokens', 'llm.usage.completion_tokens'],
    ...['llm.token_count.completion', 'ai.usage.outputTokens', 'ai.usage.completionTokens'],
  ],
  tokensTotal: [
    ...['gen_ai.usage.total_tokens', 'llm.usage.total_tokens', 'llm.token_count.total'],
    'ai.usage.totalTokens',
  ],
  tokensCacheRead: [
    ...['gen_ai.usage.cache_read.input_tokens', 'gen_ai.usage.cache_read_input_tokens'],
    ...['gen_ai.usage.details.cache_read_tokens', 'gen_ai.usage.details.cache_read_input_tokens'],
    ...['gen_ai.usage.details.cached_tokens', 'gen_ai.usage.cached_input_tokens'],
    ...['gen_ai.usage.input_tokens.cached', 'llm.token_count.prompt_details.cache_read'],
    ...['ai.usage.inputTokenDetails.cacheReadTokens', 'ai.usage.cachedInputTokens'],
  ],
  tokensCacheWrite: [
    ...['gen_ai.usage.cache_creation.input_tokens', 'gen_ai.usage.cache_creation_input_tokens'],
    ...['gen_ai.usage.cache_write.input_tokens', 'gen_ai.usage.cache_write_input_tokens'],
    ...['gen_ai.usage.details.cache_write_tokens', 'gen_ai.usage.details.cache_creation_input_tokens'],
    ...['llm.token_count.prompt_details.cache_write', 'ai.usage.inputTokenDetails.cacheWriteTokens'],
  ],
  /** The input that no cache had to do with: only the AI SDK from 6 on tells it. */
  tokensUncachedIn: ['ai.usage.inputTokenDetails.noCacheTokens'],
  /** The part of the writes that is kept for an hour. */
  tokensCacheWrite1h: ['anthropic.usage.cache_creation.ephemeral_1h_input_tokens'],
  tokensReasoning: [
    ...[
      'gen_ai.usage.reasoning.output_tokens',
      'gen_ai.usage.reasoning_tokens',
      'llm.usage.reasoning_tokens',
    ],
    ...['gen_ai.usage.details.reasoning_tokens', 'gen_ai.usage.details.thoughts_tokens'],
    ...['gen_ai.usage.output_tokens.reasoning', 'llm.token_count.completion_details.reasoning'],
    ...['ai.usage.outputTokenDetails.reasoningTokens', 'ai.usage.reasoningTokens'],
  ],
  tokensAudioIn: [
    ...['gen_ai.usage.audio.input_tokens', 'gen_ai.usage.details.input_audio_tokens'],
    'llm.token_count.prompt_details.audio',
  ],
  tokensCachedAudioIn: ['gen_ai.usage.details.cache_audio_read_tokens'],
  tokensAudioOut: [
    ...['gen_ai.usage.audio.output_tokens', 'gen_ai.usage.details.output_audio_tokens'],
    'llm.token_count.completion_details.audio',
  ],

  reportedCost: ['operation.cost', 'llm.cost.total', 'gen_ai.usage.cost', 'gen_ai.usage.total_cost'],
  /** Until the first chunk, in seconds. */
  ttftS: [
    ...['gen_ai.response.time_to_first_chunk', 'gen_ai.client.operation.time_to_first_chunk'],
    'gen_ai.server.time_to_first_token',
  ],
  ttftMs: ['ai.response.msToFirstChunk', 'ai.stream.msToFirstChunk'],

  errorType: ['error.type'],
  /** Of the event "exception", the one thing that is read of a span's events: a class, never its message. */
  exceptionType: ['exception.type'],
  httpStatus: ['http.response.status_code', 'http.status_code'],

  userId: [
    ...['user.id', 'enduser.id', 'gen_ai.user', 'llm.user', 'ai.telemetry.metadata.userId'],
    'traceloop.association.properties.user_id',
  ],
  sessionId: [
    ...['gen_ai.conversation.id', 'session.id', 'ai.telemetry.metadata.sessionId'],
    ...['traceloop.association.properties.session_id', 'traceloop.association.properties.conversation_id'],
  ],
  route: ['http.route', 'ai.telemetry.functionId'],
  /** Where the span's own request went: a client that calls this its route means the provider's, not the user's. */
  ownPath: ['url.path'],
  /** Of the resource: the whole process. */
  service: ['service.name'],
  environment: ['deployment.environment.name', 'deployment.environment'],
} as const satisfies Record<string, readonly string[]>

export type Fact = keyof typeof NAMES

const KNOWN: ReadonlySet<string> = new Set(Object.values(NAMES).flat())

/** Whether an attribute is read at all. */
export const isKnownAttribute = (name: string): boolean => KNOWN.has(name)

/** No known name is longer, so a longer one need not be read to be dropped. */
export const ATTRIBUTE_NAME_CHARS_MAX = Math.max(...[...KNOWN].map((name) => name.length))

/** A text is cut here while it is parsed; no field of an event holds more. */
export const ATTRIBUTE_TEXT_CHARS_MAX = 512
