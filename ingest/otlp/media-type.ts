/** The encodings of OTLP/HTTP by their media types. */
import type { FastifyRequest } from 'fastify'

export const PROTOBUF_TYPES = ['application/x-protobuf', 'application/protobuf']

/** The media type of a body in protobuf, without its parameters, or null when it is declared as something else. */
export function protobufTypeOf(request: FastifyRequest): string | null {
  const type = request.headers['content-type']?.split(';', 1)[0]?.trim().toLowerCase() ?? ''
  return PROTOBUF_TYPES.includes(type) ? type : null
}
