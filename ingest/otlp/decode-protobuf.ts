/**
 * Reads an ExportTraceServiceRequest from protobuf, by the field numbers of opentelemetry-proto (trace/v1, common/v1,
 * resource/v1), which are stable. By hand, so that prompts are skipped over and never become strings.
 * Invariant: memory is bounded by the body: parts of it are looked at in place, texts are cut.
 */
import { BinaryReader, WireType } from '@bufbuild/protobuf/wire'
import {
  ATTRIBUTE_NAME_CHARS_MAX,
  ATTRIBUTE_TEXT_CHARS_MAX,
  isKnownAttribute,
} from '../../core/otel/attribute-names.ts'
import type { Attributes, AttributeValue, OtlpSpan } from '../../core/otel/otlp-span.ts'
import {
  type DecodedSpans,
  EXCEPTION,
  EXCEPTION_TYPE,
  finite,
  openTally,
  type Tally,
  TOO_MANY,
} from './decoded-spans.ts'

export function decodeProtobuf(body: Uint8Array): DecodedSpans {
  try {
    return decodeRequest(body)
  } catch (error) {
    // The reader throws plain errors for whatever is not protobuf; nothing else here can fail.
    return { kind: error === TOO_MANY ? 'too_many' : 'malformed' }
  }
}

function decodeRequest(body: Uint8Array): DecodedSpans {
  const spans: OtlpSpan[] = []
  let unidentified = 0
  const tally = openTally()
  for (const resourceSpans of messagesIn(body, 1)) {
    tally.countSpan()
    const resourceAttributes = attributesIn(lastMessageIn(resourceSpans, 1), 1, tally)
    for (const scopeSpans of messagesIn(resourceSpans, 2)) {
      tally.countSpan()
      const scopeName = textIn(lastMessageIn(scopeSpans, 1), 1)
      for (const bytes of messagesIn(scopeSpans, 2)) {
        tally.countSpan()
        const span = decodeSpan(bytes, { resourceAttributes, scopeName }, tally)
        if (span) spans.push(span)
        else unidentified += 1
      }
    }
  }
  return { kind: 'spans', spans, unidentified }
}

type Around = Pick<OtlpSpan, 'resourceAttributes' | 'scopeName'>

function decodeSpan(bytes: Uint8Array, around: Around, tally: Tally): OtlpSpan | null {
  const attributes = new Map<string, AttributeValue>()
  const ids: Record<'trace' | 'span' | 'parent', string | null> = { trace: null, span: null, parent: null }
  const unixNano = { start: 0n, end: 0n }
  let failed = false
  eachField(bytes, (field, wireType, reader) => {
    if (wireType === WireType.Bit64 && (field === 7 || field === 8)) {
      unixNano[field === 7 ? 'start' : 'end'] = BigInt(reader.fixed64())
      return true
    }
    if (wireType !== WireType.LengthDelimited) return false
    if (field === 1) ids.trace = idOf(reader.bytes(), 16)
    else if (field === 2) ids.span = idOf(reader.bytes(), 8)
    else if (field === 4) ids.parent = idOf(reader.bytes(), 8)
    else if (field === 9) readAttribute(reader.bytes(), attributes, tally)
    else if (field === 11) readEvent(reader.bytes(), attributes, tally)
    else if (field === 15) failed = isError(reader.bytes())
    else return false
    return true
  })
  if (ids.trace === null || ids.span === null) return null
  return {
    traceId: ids.trace,
    spanId: ids.span,
    parentSpanId: ids.parent,
    startUnixNano: unixNano.start,
    endUnixNano: unixNano.end,
    failed,
    attributes,
    ...around,
  }
}

function attributesIn(message: Uint8Array, field: number, tally: Tally): Attributes {
  const attributes = new Map<string, AttributeValue>()
  for (const bytes of messagesIn(message, field)) readAttribute(bytes, attributes, tally)
  return attributes
}

/** Of an exception its class, and of other events nothing: they hold prompts. */
function readEvent(event: Uint8Array, into: Map<string, AttributeValue>, tally: Tally): void {
  tally.countAttribute()
  if (textIn(event, 2) !== EXCEPTION) return
  const type = attributesIn(event, 3, tally).get(EXCEPTION_TYPE)
  if (type !== undefined) into.set(EXCEPTION_TYPE, type)
}

/** Of one name the first value counts. */
function readAttribute(bytes: Uint8Array, into: Map<string, AttributeValue>, tally: Tally): void {
  tally.countAttribute()
  let key: Uint8Array = EMPTY
  let value: Uint8Array = EMPTY
  eachField(bytes, (field, wireType, reader) => {
    if (wireType !== WireType.LengthDelimited || field > 2) return false
    if (field === 1) key = reader.bytes()
    else value = reader.bytes()
    return true
  })
  if (key.length > ATTRIBUTE_NAME_CHARS_MAX) return
  const name = utf8.decode(key)
  if (!isKnownAttribute(name) || into.has(name)) return
  const read = valueIn(value)
  if (read !== null) into.set(name, read)
}

/** Lists, maps and bytes are skipped unread. */
function valueIn(bytes: Uint8Array): AttributeValue | null {
  let value: AttributeValue | null = null
  eachField(bytes, (field, wireType, reader) => {
    if (field === 1 && wireType === WireType.LengthDelimited) value = cutText(reader.bytes())
    else if (field === 2 && wireType === WireType.Varint) value = reader.bool()
    else if (field === 3 && wireType === WireType.Varint) value = Number(reader.int64())
    else if (field === 4 && wireType === WireType.Bit64) value = finite(reader.double())
    else return false
    return true
  })
  return value
}

function isError(status: Uint8Array): boolean {
  let code = 0
  eachField(status, (field, wireType, reader) => {
    if (field !== 3 || wireType !== WireType.Varint) return false
    code = reader.int32()
    return true
  })
  return code === 2
}

function textIn(message: Uint8Array, field: number): string {
  return cutText(lastMessageIn(message, field))
}

function lastMessageIn(message: Uint8Array, field: number): Uint8Array {
  let last: Uint8Array = EMPTY
  for (const bytes of messagesIn(message, field)) last = bytes
  return last
}

/** The length-delimited fields of one number, in order, as views into the message. */
function* messagesIn(message: Uint8Array, wanted: number): Generator<Uint8Array> {
  const reader = new BinaryReader(message)
  while (reader.pos < reader.len) {
    const [field, wireType] = reader.tag()
    if (field === wanted && wireType === WireType.LengthDelimited) yield reader.bytes()
    else reader.skip(wireType, field)
  }
}

/** `read` says whether it consumed the field; what it did not is skipped. */
function eachField(
  message: Uint8Array,
  read: (field: number, wireType: WireType, reader: BinaryReader) => boolean,
): void {
  const reader = new BinaryReader(message)
  while (reader.pos < reader.len) {
    const [field, wireType] = reader.tag()
    if (!read(field, wireType, reader)) reader.skip(wireType, field)
  }
}

const EMPTY = new Uint8Array(0)
const utf8 = new TextDecoder('utf-8', { ignoreBOM: true })

/** Cut by bytes first, so that a long text is never decoded, then by characters, as in the other encoding. */
const cutText = (bytes: Uint8Array): string =>
  utf8.decode(bytes.subarray(0, ATTRIBUTE_TEXT_CHARS_MAX * 4)).slice(0, ATTRIBUTE_TEXT_CHARS_MAX)

/** Hex digits; null for an id of another length or of nothing but zeros, which the protocol calls invalid. */
function idOf(bytes: Uint8Array, length: number): string | null {
  if (bytes.length !== length || bytes.every((byte) => byte === 0)) return null
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('hex')
}
