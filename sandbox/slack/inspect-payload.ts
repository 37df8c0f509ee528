/**
 * The door that every payload of the app passes: judged by the table of limits, and kept when it was refused,
 * so that a test can tell that nothing it sent was, also where the app made nothing of the refusal.
 */
import { fileRefusalIn } from './api-answer.ts'
import { remembered, type SandboxContext } from './sandbox-context.ts'
import { type Payload, payloadFaults } from './validate-payload.ts'
import type { Fault } from './validate-shape.ts'

export function inspectPayload(context: SandboxContext, payload: Payload): Fault[] {
  const faults = payloadFaults(payload, fileRefusalIn(context))
  context.inspected.payloads += 1
  if (faults.length > 0) context.inspected.refused.push({ payload, faults })
  if (context.inspected.refused.length > remembered.callsMax) context.inspected.refused.shift()
  return faults
}
