import { describe, expect, it } from 'vitest'
import { tiersThatCanAnswer } from './tiers-that-can-answer.ts'

describe('the tiers in which a call can be answered', () => {
  it.each([
    ['openai', null, [null, 'priority'], "its project's setting decides"],
    ['openai', 'auto', [null, 'priority'], 'auto is to leave it to the project'],
    ['openai', 'default', [null], 'the request rules out all others'],
    ['openai', 'flex', [null, 'flex'], 'an event that leaves out the tier is a standard one'],
    ['openai', 'SERVICE_TIER_PRIORITY', [null, 'priority'], 'however it is spelled'],
    ['openai', 'default+regional', [null, 'regional'], 'the endpoint is what the client says'],
    ['openai', 'prioritised', [null, 'prioritised', 'priority'], 'an unknown tier is one that was not named'],
    ['anthropic', null, [null, 'us'], "its workspace's region decides"],
    ['anthropic', 'fast', [null, 'us', 'fast', 'fast+us'], 'the region comes on top'],
    ['anthropic', 'fast+us', [null, 'us', 'fast', 'fast+us'], 'the region is named'],
    ['anthropic', 'fast+global', [null, 'fast'], 'the region is ruled out'],
    ['google', null, [null], 'a dearer tier is asked for'],
    ['aws', 'priority', [null, 'priority'], 'and then it may be given'],
    ['deepseek', null, [null], 'it has no tiers'],
    [null, null, [null, 'us', 'priority', 'priority+us'], 'anybody may be behind it'],
  ])('%s, asked for %s: %j, since %s', (provider, asked, tiers, _why) => {
    expect(tiersThatCanAnswer(provider, asked)).toEqual(tiers)
  })
})
