/**
 * Bytes that nearly are a protobuf message, or are one of another schema: flipped, cut, spliced, with varints that do
 * not end, lengths that overrun what is around them, groups, wire types that do not exist, and deep nesting.
 */
import { BinaryWriter, WireType } from '@bufbuild/protobuf/wire'
import fc from 'fast-check'

export const mutatedProtobuf = (good: Uint8Array): fc.Arbitrary<Uint8Array> =>
  fc.oneof(
    changedBytes(good),
    fc.nat(good.length).map((length) => good.subarray(0, length)),
    splicedBytes(good),
    otherMessage(4),
    // As what a request holds: ResourceSpans, ScopeSpans, Span, KeyValue and AnyValue.
    fc
      .tuple(otherMessage(3), fc.constantFrom([1], [1, 2], [1, 2, 2], [1, 2, 2, 9], [1, 2, 2, 9, 2]))
      .map(([message, fields]) =>
        [...fields].reverse().reduce((inside, field) => within(field, inside), message),
      ),
    fc.constantFrom(10, 1_000, 30_000).map(nestedValues),
    fc.constantFrom(10, 100_000).map((depth) => Buffer.alloc(depth, (5 << 3) | WireType.StartGroup)),
  )

const changedBytes = (good: Uint8Array): fc.Arbitrary<Uint8Array> =>
  fc
    .array(fc.tuple(fc.nat(good.length - 1), fc.oneof(fc.nat(255), fc.constantFrom(0, 0x7f, 0x80, 0xff))), {
      minLength: 1,
      maxLength: 8,
    })
    .map((changes) => {
      const bytes = Uint8Array.from(good)
      for (const [at, byte] of changes) bytes[at] = byte
      return bytes
    })

/** A part of it left out, and anything in its place: so that the lengths before it are wrong. */
const splicedBytes = (good: Uint8Array): fc.Arbitrary<Uint8Array> =>
  fc
    .tuple(fc.nat(good.length), fc.nat(40), fc.uint8Array({ maxLength: 40 }))
    .map(([at, left, put]) => Buffer.concat([good.subarray(0, at), put, good.subarray(at + left)]))

const varint = fc.oneof(
  fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map(varintBytes),
  fc.constantFrom(
    Buffer.alloc(10, 0xff),
    Buffer.alloc(11, 0x80),
    Buffer.from([0x80]),
    Buffer.from([0xff, 0x00]),
  ),
)

function varintBytes(value: bigint): Buffer {
  const bytes: number[] = []
  let left = value
  for (; left > 127n; left >>= 7n) bytes.push(Number(left & 127n) | 0x80)
  return Buffer.from([...bytes, Number(left)])
}

/** A message of fields that nobody asked for, in any wire type, the unassigned ones included. */
function otherMessage(depth: number): fc.Arbitrary<Uint8Array> {
  const inside =
    depth === 0
      ? fc.uint8Array({ maxLength: 12 })
      : fc.oneof(
          fc.uint8Array({ maxLength: 12 }),
          fc.string().map((text) => Buffer.from(text)),
          otherMessage(depth - 1),
        )
  const tag = fc.tuple(fc.oneof(fc.nat(20), fc.constantFrom(0, 2 ** 29 - 1)), fc.nat(7))
  const field = fc.tuple(
    tag,
    varint,
    inside,
    fc.oneof(fc.constant(0n), fc.bigInt({ min: 0n, max: 2n ** 40n })),
  )
  return fc
    .array(field, { maxLength: 4 })
    .map((fields) =>
      Buffer.concat(
        fields.flatMap(([[number, wireType], number64, bytes, overrun]) => [
          varintBytes(BigInt(number) * 8n + BigInt(wireType)),
          ...(wireType === WireType.LengthDelimited
            ? [varintBytes(BigInt(bytes.length) + overrun), bytes]
            : wireType === WireType.Varint
              ? [number64]
              : [bytes]),
        ]),
      ),
    )
}

const within = (field: number, bytes: Uint8Array): Uint8Array =>
  new BinaryWriter().tag(field, WireType.LengthDelimited).bytes(bytes).finish()

/** The attribute `user.id` as lists in lists: AnyValue.array_value is field 5, ArrayValue.values field 1. */
function nestedValues(depth: number): Uint8Array {
  const lengths: Uint8Array[] = []
  let size = 0
  // From the inside out, and joined once: wrapping message by message would copy everything again each time.
  for (let level = 0; level < depth; level++) {
    for (const field of [5, 1]) {
      const head = Buffer.concat([
        Buffer.from([(field << 3) | WireType.LengthDelimited]),
        varintBytes(BigInt(size)),
      ])
      lengths.push(head)
      size += head.length
    }
  }
  const key = new BinaryWriter().tag(1, WireType.LengthDelimited).string('user.id').finish()
  const attribute = Buffer.concat([key, within(2, Buffer.concat(lengths.reverse()))])
  return within(1, within(2, within(2, within(9, attribute))))
}
