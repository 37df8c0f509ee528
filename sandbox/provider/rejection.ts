/** OpenAI's error answers: one shape, `{"error": {message, type, param, code}}`. A refused request was never begun. */
export interface Rejection {
  readonly status: number
  readonly message: string
  readonly type: string
  readonly param: string | null
  readonly code: string | null
}

export const invalid = (message: string, param: string | null, code: string | null = null): Rejection => ({
  status: 400,
  message,
  type: 'invalid_request_error',
  param,
  code,
})

export const missingKey: Rejection = {
  status: 401,
  message:
    "You didn't provide an API key. You need to provide your API key in an Authorization header using Bearer auth (i.e. Authorization: Bearer YOUR_KEY).",
  type: 'invalid_request_error',
  param: null,
  code: null,
}

export const unknownModel = (model: string): Rejection => ({
  status: 404,
  message: `The model \`${model}\` does not exist or you do not have access to it.`,
  type: 'invalid_request_error',
  param: null,
  code: 'model_not_found',
})

export const unknownRoute = (method: string, path: string): Rejection => ({
  status: 404,
  message: `Invalid URL (${method} ${path})`,
  type: 'invalid_request_error',
  param: null,
  code: null,
})

export const bodyOf = ({ message, type, param, code }: Rejection) => ({
  error: { message, type, param, code },
})
