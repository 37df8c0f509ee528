/** What Slack would object to in a payload, by the local Slack's own check. Every file of ours counts as there. */
import type { SandboxSlack } from '../sandbox/slack/server.ts'
import { describeFault, payloadFaults } from '../sandbox/slack/validate-payload.ts'

export const messageFaults = (blocks: unknown) =>
  payloadFaults({ kind: 'message', text: '', blocks, attachments: undefined }, () => null)
export const viewFaults = (view: unknown) =>
  payloadFaults({ kind: 'view', view, allowed: ['modal', 'home'] }, () => null)

/** Files that Slack still works on are refused in life too; the app asks again, and breaks no limit. */
const stillWorkedOn = 'invalid slack file'

/**
 * Throws where the app sent what Slack refuses, also where it was in a message that nobody looked at.
 * Called at the end of every test of the app, so that no payload of the suite goes unjudged.
 */
export function expectAllWithinLimits({ inspected }: Pick<SandboxSlack, 'inspected'>): void {
  const broken = inspected.refused
    .flatMap(({ faults }) => faults)
    .filter(({ message }) => message !== stillWorkedOn)
    .map(describeFault)
  if (broken.length > 0) throw new Error(`the app sent what Slack refuses: ${broken.join('; ')}`)
}
