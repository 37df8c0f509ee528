/** What Slack would object to in a payload, by the local Slack's own checks. Every file of ours counts as there. */
import {
  messageFaults as faultsOfMessage,
  viewFaults as faultsOfView,
} from '../sandbox/slack/validate-payload.ts'

export const messageFaults = (blocks: unknown) => faultsOfMessage(blocks, () => null)
export const viewFaults = (view: unknown) => faultsOfView(view, ['modal', 'home'], () => null)
