/**
 * Reads an ExportTraceServiceRequest from OTLP's JSON: names in lowerCamelCase, ids in hex, 64-bit integers as numbers or
 * strings, enums as integers; unknown fields are ignored and null is as good as absent.
 * Gives what the same request in protobuf gives.
 */
import { isJsonObject, type JsonObject } from '../../core/event/field-reader.ts'
import { ATTRIBUTE_TEXT_CHARS_MAX, isKnownAttribute } from '../../core/otel/attribute-names.ts'
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

export function decodeJson(body: unknown): DecodedSpans {
  try {
    return decodeRequest(objectOf(body))
  } catch (error) {
    if (error === MALFORMED) return { kind: 'malformed' }
    if (error === TOO_MANY) return { kind: 'too_many' }
    throw error
  }
}

/** Ends the reading of a request that has another shape; never leaves this file. */
const MALFORMED = new Error('the request is malformed')

function decodeRequest(request: JsonObject): DecodedSpans {
  const spans: OtlpSpan[] = []
  let unidentified = 0
  const tally = openTally()
  for (const resourceSpans of objectsIn(request, 'resourceSpans')) {
    tally.countSpan()
    const resourceAttributes = attributesIn(objectIn(resourceSpans, 'resource'), tally)
    for (const scopeSpans of objectsIn(resourceSpans, 'scopeSpans')) {
      tally.countSpan()
      const scopeName = (stringIn(objectIn(scopeSpans, 'scope'), 'name') ?? '').slice(
        0,
        ATTRIBUTE_TEXT_CHARS_MAX,
      )
      for (const each of objectsIn(scopeSpans, 'spans')) {
        tally.countSpan()
        const span = decodeSpan(each, { resourceAttributes, scopeName }, tally)
        if (span) spans.push(span)
        else unidentified += 1
      }
    }
  }
  return { kind: 'spans', spans, unidentified }
}

type Around = Pick<OtlpSpan, 'resourceAttributes' | 'scopeName'>

function decodeSpan(span: JsonObject, around: Around, tally: Tally): OtlpSpan | null {
  const decoded = {
    traceId: idIn(span, 'traceId', 32),
    spanId: idIn(span, 'spanId', 16),
    parentSpanId: idIn(span, 'parentSpanId', 16),
    startUnixNano: unixNanoIn(span, 'startTimeUnixNano'),
    endUnixNano: unixNanoIn(span, 'endTimeUnixNano'),
    failed: objectIn(span, 'status').code === 2,
    attributes: withException(span, tally),
    ...around,
  }
  const { traceId, spanId } = decoded
  return traceId === null || spanId === null ? null : { ...decoded, traceId, spanId }
}

/** Of an exception its class, and of other events nothing: they hold prompts. */
function withException(span: JsonObject, tally: Tally): Attributes {
  const attributes = new Map(attributesIn(span, tally))
  for (const event of objectsIn(span, 'events')) {
    tally.countAttribute()
    const type = event.name === EXCEPTION ? attributesIn(event, tally).get(EXCEPTION_TYPE) : undefined
    if (type !== undefined) attributes.set(EXCEPTION_TYPE, type)
  }
  return attributes
}

/** Of one name the first value counts. */
function attributesIn(holder: JsonObject, tally: Tally): Attributes {
  const attributes = new Map<string, AttributeValue>()
  for (const pair of objectsIn(holder, 'attributes')) {
    tally.countAttribute()
    const name = stringIn(pair, 'key')
    if (name === null || !isKnownAttribute(name) || attributes.has(name)) continue
    const value = scalarOf(objectIn(pair, 'value'))
    if (value !== null) attributes.set(name, value)
  }
  return attributes
}

/** Lists, maps and bytes are left. */
function scalarOf(value: JsonObject): AttributeValue | null {
  const { stringValue, boolValue, intValue, doubleValue } = value
  if (typeof stringValue === 'string') return stringValue.slice(0, ATTRIBUTE_TEXT_CHARS_MAX)
  if (typeof boolValue === 'boolean') return boolValue
  if (typeof intValue === 'number') return finite(intValue)
  if (typeof intValue === 'string' && /^-?\d{1,19}$/.test(intValue)) return finite(Number(intValue))
  return typeof doubleValue === 'number' ? finite(doubleValue) : null
}

function idIn(holder: JsonObject, name: string, digits: number): string | null {
  const id = stringIn(holder, name)?.toLowerCase()
  if (id === undefined || id.length !== digits || !/^[0-9a-f]+$/.test(id) || /^0+$/.test(id)) return null
  return id
}

function unixNanoIn(holder: JsonObject, name: string): bigint {
  const value = holder[name]
  if (typeof value === 'string' && /^\d{1,20}$/.test(value)) return BigInt.asUintN(64, BigInt(value))
  if (typeof value === 'number' && Number.isInteger(value) && value >= 0) {
    return BigInt.asUintN(64, BigInt(value))
  }
  if (value == null) return 0n
  throw MALFORMED
}

function stringIn(holder: JsonObject, name: string): string | null {
  const value = holder[name]
  if (value == null) return null
  if (typeof value !== 'string') throw MALFORMED
  return value
}

function objectIn(holder: JsonObject, name: string): JsonObject {
  return holder[name] == null ? {} : objectOf(holder[name])
}

function* objectsIn(holder: JsonObject, name: string): Generator<JsonObject> {
  const list = holder[name]
  if (list == null) return
  if (!Array.isArray(list)) throw MALFORMED
  for (const item of list) yield objectOf(item)
}

function objectOf(value: unknown): JsonObject {
  if (!isJsonObject(value)) throw MALFORMED
  return value
}
