import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { SUBCOMMANDS } from './blocks/help.ts'
import { SLACK_EVENTS_PATH } from './bolt.ts'
import { COMMAND } from './ids.ts'
import { parseLens } from './listeners/commands/parse-lens.ts'
import { EVENTS } from './listeners/events/index.ts'

interface Manifest {
  display_information: { name: string; description: string; long_description: string }
  features: {
    bot_user: { display_name: string }
    slash_commands: { command: string; url: string; description: string; usage_hint: string }[]
  }
  oauth_config: { scopes: { bot: string[] } }
  settings: {
    event_subscriptions: { request_url: string; bot_events: string[] }
    interactivity: { is_enabled: boolean; request_url: string }
  }
}

// The file is ours, and the tests below look at every part that they name.
const manifest = parse(readFileSync(new URL('../manifest.yml', import.meta.url), 'utf8')) as Manifest

describe('the manifest', () => {
  it('asks for the commands and events that have a handler, and for no other', () => {
    expect(manifest.features.slash_commands.map(({ command }) => command)).toEqual([COMMAND])
    expect([...manifest.settings.event_subscriptions.bot_events].sort()).toEqual([...EVENTS].sort())
  })

  it('sends everything to the one path that is served', () => {
    const { event_subscriptions: events, interactivity } = manifest.settings
    const urls = [
      events.request_url,
      interactivity.request_url,
      ...manifest.features.slash_commands.map(({ url }) => url),
    ]
    expect(new Set(urls.map((url) => new URL(url).pathname))).toEqual(new Set([SLACK_EVENTS_PATH]))
  })

  it('asks for the least: nothing that reads what people write', () => {
    const { bot } = manifest.oauth_config.scopes
    expect(bot).toEqual(['chat:write', 'commands', 'files:write', 'im:write', 'users:read'])
    expect(bot.filter((scope) => /history|:read$/.test(scope) && scope !== 'users:read')).toEqual([])
  })

  it('stays within the lengths that Slack takes', () => {
    const { name, description, long_description: long } = manifest.display_information
    expect(name.length).toBeLessThanOrEqual(35)
    expect(description.length).toBeLessThanOrEqual(140)
    expect(long.length).toBeGreaterThanOrEqual(175)
    expect(long.length).toBeLessThanOrEqual(4000)
    for (const command of manifest.features.slash_commands) {
      expect(command.command).toMatch(/^\/[a-z0-9_-]{1,31}$/)
      expect(command.description.length).toBeLessThanOrEqual(2000)
      expect(command.usage_hint.length).toBeLessThanOrEqual(1000)
    }
  })

  it('hints only at subcommands that exist', () => {
    const words = manifest.features.slash_commands[0]?.usage_hint
      .split('|')
      .map((hint) => hint.trim().split(' ')[0])
    expect(words?.sort()).toEqual(Object.keys(SUBCOMMANDS).sort())
    for (const word of words ?? []) expect(parseLens(word ?? '').kind).toBe(word)
  })
})
