/** A workspace and a receiving app for one test file, with a clock that can be moved on. */
import { LogLevel, WebClient } from '@slack/web-api'
import { openSandboxSlack, type SandboxOptions, type SandboxSlack } from '../sandbox/slack/server.ts'
import { isObject, type Json } from '../sandbox/slack/validate-shape.ts'
import { openReceivingApp, type ReceivingApp } from './receiving-app.ts'

export const alex = 'U0ALEX0001'
export const sam = 'U0SAM00001'
export const general = 'C0GENERAL1'
export const llmCosts = 'C0LLMCOSTS'
export const random = 'C0RANDOM01'
export const signingSecret = 'a-signing-secret-of-the-tests'
export const botToken = 'xoxb-of-the-tests'

export interface OpenedSandbox {
  sandbox: SandboxSlack
  app: ReceivingApp
  client: WebClient
  moveOn: (ms: number) => void
  close: () => Promise<void>
}

export async function openForTest(options: Partial<SandboxOptions> = {}): Promise<OpenedSandbox> {
  const app = await openReceivingApp(signingSecret)
  let movedMs = 0
  const sandbox = await openSandboxSlack({
    host: '127.0.0.1',
    port: 0,
    signingSecret,
    botToken,
    appUrl: app.url,
    stateFile: null,
    now: () => new Date(Date.now() + movedMs),
    log: { info: () => {}, warn: () => {} },
    rateLimits: false,
    fileProcessingMs: 100,
    ...options,
  })
  return {
    sandbox,
    app,
    client: webClient(sandbox, botToken),
    moveOn(ms) {
      movedMs += ms
    },
    async close() {
      await sandbox.close()
      await app.close()
    },
  }
}

/** Refusals are what these tests provoke: the client need not print them. */
const quiet = {
  debug: () => {},
  info: () => {},
  warn: () => {},
  error: () => {},
  setLevel: () => {},
  getLevel: () => LogLevel.ERROR,
  setName: () => {},
}

export function webClient(sandbox: SandboxSlack, token?: string): WebClient {
  return new WebClient(token, {
    slackApiUrl: sandbox.apiUrl,
    timeout: 5000,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    logger: quiet,
  })
}

/** The answer of a call that Slack refuses, as WebClient throws it. */
export async function refusal(call: Promise<unknown>): Promise<Json> {
  try {
    await call
  } catch (error) {
    if (isObject(error) && isObject(error.data)) return error.data
    throw error
  }
  throw new Error('the call was accepted')
}

export const aModal = (more: Json = {}): Json => ({
  type: 'modal',
  callback_id: 'budget.save',
  title: { type: 'plain_text', text: 'New budget' },
  submit: { type: 'plain_text', text: 'Save' },
  blocks: [
    {
      type: 'input',
      block_id: 'amount',
      label: { type: 'plain_text', text: 'Amount' },
      element: { type: 'number_input', action_id: 'usd', is_decimal_allowed: false, min_value: '1' },
    },
    {
      type: 'input',
      block_id: 'period',
      optional: true,
      label: { type: 'plain_text', text: 'Period' },
      element: {
        type: 'static_select',
        action_id: 'choice',
        options: [
          { text: { type: 'plain_text', text: 'Month' }, value: 'month' },
          { text: { type: 'plain_text', text: 'Day' }, value: 'day' },
        ],
      },
    },
  ],
  ...more,
})

export const aCard = (): Json[] => [
  { type: 'header', text: { type: 'plain_text', text: 'Budget' } },
  { type: 'section', text: { type: 'mrkdwn', text: '*$12.00* of $100.00' } },
  {
    type: 'actions',
    block_id: 'card',
    elements: [
      {
        type: 'button',
        action_id: 'budget.override',
        value: 'b1',
        text: { type: 'plain_text', text: 'Override' },
      },
      { type: 'button', action_id: 'budget.stop', text: { type: 'plain_text', text: 'Stop now' } },
    ],
  },
]
