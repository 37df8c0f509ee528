/** A StandardLoggingPayload as LiteLLM 1.106 sends it for a chat, with prompts; `facts` replace what is at the top. */
export const SECRET = 'hush-hush'

/** Every place in which LiteLLM was seen to write what people said, or may. */
const SPOKEN = {
  messages: [{ role: 'user', content: `keep ${SECRET}` }],
  error_str: null,
  guardrail_information: [{ guardrail_response: SECRET }],
  standard_built_in_tools_params: { web_search_options: SECRET },
  requester_ip_address: SECRET,
  user_agent: SECRET,
}

export const aPayload = (facts: Readonly<Record<string, unknown>> = {}): Record<string, unknown> => ({
  ...SPOKEN,
  id: 'chatcmpl-8ba5b965026845cc8b54d6b8f3edb',
  litellm_call_id: '4a967186-f8b4-4a1d-9f1b-770d340edd1f',
  trace_id: 'd2be8b18-27f9-40d2-bfc6-838c36556436',
  session_id: '',
  call_type: 'acompletion',
  cache_hit: null,
  stream: null,
  status: 'success',
  custom_llm_provider: 'openai',
  startTime: 1795497903.162692,
  endTime: 1795497903.571932,
  completionStartTime: 1795497903.571932,
  response_time: 0.40924,
  model: 'gpt-4o',
  model_group: '',
  model_id: '',
  metadata: {
    user_api_key_alias: null,
    user_api_key_team_alias: null,
    user_api_key_user_id: null,
    user_api_key_user_email: null,
    user_api_key_end_user_id: null,
    requester_metadata: { prompt: SECRET },
    spend_logs_metadata: { note: SECRET },
    usage_object: chatUsage(),
  },
  response_cost: 6.25e-5,
  total_tokens: 10,
  prompt_tokens: 5,
  completion_tokens: 5,
  request_tags: [],
  end_user: null,
  response: {
    id: 'chatcmpl-8ba5b965026845cc8b54d6b8f3edb',
    model: 'gpt-4o-2024-08-06',
    choices: [{ message: { role: 'assistant', content: `kept ${SECRET}` } }],
    usage: chatUsage(),
    service_tier: 'default',
  },
  model_parameters: { user: null, tools: [{ description: SECRET }] },
  hidden_params: { additional_headers: { 'llm_provider-x': SECRET }, usage_object: null },
  error_information: { error_code: '', error_class: '', error_message: '', traceback: '' },
  ...facts,
})

export function chatUsage(facts: Readonly<Record<string, unknown>> = {}): Record<string, unknown> {
  return {
    completion_tokens: 5,
    prompt_tokens: 5,
    total_tokens: 10,
    completion_tokens_details: { audio_tokens: 0, reasoning_tokens: 2, text_tokens: null },
    prompt_tokens_details: { audio_tokens: 0, cached_tokens: 3, image_tokens: null },
    ...facts,
  }
}

/** A call that the provider refused for having had too many. */
export const aRefusedPayload = (facts: Readonly<Record<string, unknown>> = {}): Record<string, unknown> =>
  aPayload({
    id: '4a967186-f8b4-4a1d-9f1b-770d340edd1f',
    status: 'failure',
    response: {},
    metadata: { usage_object: {} },
    total_tokens: 0,
    prompt_tokens: 0,
    completion_tokens: 0,
    response_cost: 0,
    error_str: `litellm.RateLimitError: ${SECRET}`,
    error_information: {
      error_code: '429',
      error_class: 'RateLimitError',
      error_message: SECRET,
      traceback: SECRET,
    },
    ...facts,
  })
