/**
 * What OTLP answers, in the encoding that was asked in: ExportTraceServiceResponse of opentelemetry-proto
 * (collector/trace/v1) and google.rpc.Status.
 */
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire'

export interface Refused {
  readonly spans: number
  /** For the person who runs the exporter. */
  readonly message: string
}

/** Null when nothing was refused: then the answer is an empty message. */
export function protobufResponse(refused: Refused | null): Buffer {
  const response = new BinaryWriter()
  if (refused) {
    response.tag(1, WireType.LengthDelimited).fork()
    response.tag(1, WireType.Varint).int64(refused.spans)
    response.tag(2, WireType.LengthDelimited).string(refused.message)
    response.join()
  }
  return Buffer.from(response.finish())
}

/** 64-bit integers are strings in protobuf's JSON. */
export const jsonResponse = (refused: Refused | null): object =>
  refused ? { partialSuccess: { rejectedSpans: String(refused.spans), errorMessage: refused.message } } : {}

/** The error that a client of protobuf can read. */
export function protobufStatus(httpStatus: number, message: string): Buffer {
  const status = new BinaryWriter()
  status.tag(1, WireType.Varint).int32(GRPC_CODES.get(httpStatus) ?? UNKNOWN)
  status.tag(2, WireType.LengthDelimited).string(message)
  return Buffer.from(status.finish())
}

/** `google.rpc.Code` by its documented HTTP mapping. */
const UNKNOWN = 2
const GRPC_CODES: ReadonlyMap<number, number> = new Map([
  [400, 3],
  [401, 16],
  [403, 7],
  [404, 5],
  [413, 3],
  [415, 3],
  [429, 8],
  [500, 13],
  [503, 14],
])
