/** The body of a webhook that tells of a stop of everything that a project, or the whole organisation, calls. */
export interface CallsEvent {
  readonly type: 'calls.stopped' | 'calls.resumed'
  readonly orgId: string
  /** Null for the whole organisation. */
  readonly projectId: string | null
  readonly person: string
  /** Why it was stopped; null where it is lifted. */
  readonly reason: string | null
}

export interface CallsPayloadFacts {
  /** The delivery's id, which is its `webhook-id`. */
  readonly id: string
  readonly event: CallsEvent
  readonly at: Date
  readonly sequence: number
}

/** The text that is kept, signed and sent, byte by byte. */
export function callsPayloadText({ id, event, at, sequence }: CallsPayloadFacts): string {
  const { type, orgId, projectId, person, reason } = event
  const data = {
    ...{ org_id: orgId, sequence, project_id: projectId, person },
    ...(reason === null ? {} : { reason }),
  }
  return JSON.stringify({ id, type, timestamp: at, data })
}
