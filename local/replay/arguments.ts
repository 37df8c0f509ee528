/** Reads `[FILE.csv] [--speed 60] [--budget 25] [--requests N] [--channel C...]` as a person types them. */
import { type NanoUsd, parseUsd } from '../../core/money.ts'

export interface ReplayArguments {
  /** A trace; null for one that is generated. */
  readonly file: string | null
  /** Seconds of the trace in each second. */
  readonly speed: number
  readonly budget: NanoUsd
  readonly requestsMax: number | null
  /** Where the budget's card goes; null for #llm-costs of the local workspace. */
  readonly channelId: string | null
}

export type ReplayArgumentsResult =
  | { readonly kind: 'replay'; readonly given: ReplayArguments }
  | { readonly kind: 'bad'; readonly problem: string }

const USAGE = 'usage: npm run replay -- [FILE.csv] [--speed 60] [--budget 25] [--requests N] [--channel ID]'

export function parseReplayArguments(words: readonly string[]): ReplayArgumentsResult {
  const options = new Map<string, string>()
  const files: string[] = []
  for (let index = 0; index < words.length; index += 1) {
    const word = words[index] ?? ''
    const [, name, inline] = /^--([a-z]+)(?:=(.*))?$/.exec(word) ?? []
    if (name === undefined) {
      files.push(word)
      continue
    }
    if (!['speed', 'budget', 'requests', 'channel'].includes(name))
      return bad(`--${name} is no option; ${USAGE}`)
    if (inline === undefined) index += 1
    options.set(name, inline ?? words[index] ?? '')
  }
  if (files.length > 1) return bad(`one file at most, not ${files.length}; ${USAGE}`)
  const speed = Number(options.get('speed') ?? '60')
  if (!(speed > 0 && speed <= 10_000)) return bad('--speed must be a number above 0 and up to 10000')
  const budget = parseUsd(options.get('budget') ?? '25')
  if (budget === null || budget <= 0n)
    return bad('--budget must be an amount in USD above 0, such as 25 or 2.50')
  const requests = options.get('requests')
  if (requests !== undefined && !/^[1-9]\d{0,7}$/.test(requests)) {
    return bad('--requests must be a whole number from 1')
  }
  const requestsMax = requests === undefined ? null : Number(requests)
  const channelId = options.get('channel') ?? null
  return { kind: 'replay', given: { file: files[0] ?? null, speed, budget, requestsMax, channelId } }
}

const bad = (problem: string): ReplayArgumentsResult => ({ kind: 'bad', problem })
