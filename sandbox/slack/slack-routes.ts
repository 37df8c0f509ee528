/** What Slack serves to the app: the Web API, uploads, files, and response URLs. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { storeUpload } from './api-files.ts'
import { useResponseUrl } from './response-urls.ts'
import type { SandboxContext } from './sandbox-context.ts'
import { isObject, type Json } from './validate-shape.ts'
import { answerCall, type WebApiDeps } from './web-api.ts'

export function registerSlack(server: FastifyInstance, deps: WebApiDeps): void {
  const { context } = deps
  server.route({
    method: ['GET', 'POST'],
    url: '/api/:method',
    handler: async (request, reply) => {
      const query = isObject(request.query) ? request.query : {}
      const response = answerCall(deps, {
        method: param(request, 'method'),
        httpMethod: request.method,
        authorization: request.headers.authorization,
        body: { ...query, ...(isObject(request.body) ? request.body : {}) },
      })
      return await reply.status(response.status).headers(response.headers).send(response.answer)
    },
  })
  server.post('/response/:team/:id', async (request, reply) => {
    const answer = useResponseUrl(
      contextOf(context, param(request, 'team')),
      param(request, 'id'),
      unwrapForm(request.body),
    )
    return answer.ok ? await reply.type('text/plain').send('ok') : await reply.status(404).send(answer)
  })
  server.post('/upload/v1/:file', (request, reply) => receiveUpload(context, request, reply))
  const serve = (request: FastifyRequest, reply: FastifyReply) => serveFile(context, request, reply)
  server.get('/files-pri/:file/:name', serve)
  server.get('/files/:file/:name', serve)
}

const contextOf = (context: SandboxContext, teamId: string): SandboxContext => {
  const workspace = context.state.workspaces.find((one) => one.teamId === teamId)
  return workspace ? context.of(workspace) : context
}

const contextOfFile = (context: SandboxContext, fileId: string): SandboxContext => {
  const workspace = context.state.workspaces.find(({ files }) => files.some(({ id }) => id === fileId))
  return workspace ? context.of(workspace) : context
}

const param = (request: FastifyRequest, name: string): string => {
  const { params } = request
  const value = isObject(params) ? params[name] : undefined
  return typeof value === 'string' ? value : ''
}

/** A response URL takes JSON, or a form with the JSON in `payload`. */
function unwrapForm(body: unknown): unknown {
  if (!isObject(body) || typeof body.payload !== 'string') return body
  try {
    return JSON.parse(body.payload) as unknown
  } catch {
    // Null is no message: refused by name where it is read.
    return null
  }
}

async function receiveUpload(
  context: SandboxContext,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const bytes = await uploadedBytes(request)
  const stored =
    bytes === null
      ? 'wrong_length'
      : await storeUpload(contextOfFile(context, param(request, 'file')), param(request, 'file'), bytes)
  switch (stored) {
    case 'stored':
      return await reply.type('text/plain').send(`OK - ${bytes?.length ?? 0}`)
    case 'not_found':
      return await reply.status(404).type('text/plain').send('not found')
    case 'wrong_length':
      return await reply
        .status(400)
        .type('text/plain')
        .send('the body does not have the length announced to files.getUploadURLExternal')
  }
}

/** Raw bytes, or the first file of a multipart form. */
async function uploadedBytes(request: FastifyRequest): Promise<Buffer | null> {
  const { body } = request
  const bytes = Buffer.isBuffer(body) ? body : typeof body === 'string' ? Buffer.from(body) : null
  const contentType = request.headers['content-type'] ?? ''
  if (bytes === null || !contentType.startsWith('multipart/form-data')) return bytes
  const form = await new Response(new Uint8Array(bytes), {
    headers: { 'content-type': contentType },
  }).formData()
  for (const value of form.values())
    if (typeof value !== 'string') return Buffer.from(await value.arrayBuffer())
  return null
}

/** Served only once processed, as an image a page may show and nothing a browser would run. */
async function serveFile(
  context: SandboxContext,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const id = param(request, 'file').split('-').at(-1)
  const file = contextOfFile(context, id ?? '')
    .workspace()
    .files.find((one) => one.id === id)
  const bytes = file && context.fileReady(file) ? await context.files.get(file.id) : null
  if (file === undefined || bytes === null) return await reply.status(404).send({ error: 'file_not_found' })
  return await reply
    .headers({
      'content-type': file.mimetype,
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; sandbox",
      'cache-control': 'private, max-age=3600',
    })
    .send(bytes)
}

export function parseForm(text: string): Json {
  return Object.fromEntries(new URLSearchParams(text))
}
