import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { parse } from 'yaml'
import { SUBCOMMANDS } from '../blocks/help.ts'
import { SLACK_EVENTS_PATH } from '../bolt.ts'
import { BOT_SCOPES, COMMAND, SHORTCUTS } from '../ids.ts'
import { REDIRECT_PATH } from '../install/install.ts'
import { parseLens } from '../listeners/commands/parse-lens.ts'
import { EVENTS } from '../listeners/events/index.ts'
import { fillManifest, readForm } from './fill-manifest.ts'
import { manifestProblems } from './manifest-problems.ts'

interface Manifest {
  display_information: { name: string; description: string; long_description: string }
  features: {
    bot_user: { display_name: string }
    slash_commands: { command: string; url: string; description: string; usage_hint: string }[]
    shortcuts: { name: string; type: string; callback_id: string }[]
  }
  oauth_config: { redirect_urls: string[]; scopes: { bot: string[] } }
  settings: {
    event_subscriptions: { request_url: string; bot_events: string[] }
    interactivity: { is_enabled: boolean; request_url: string }
    socket_mode_enabled: boolean
  }
}

// The file is ours, and the tests below look at every part that they name.
const text = readFileSync(new URL('../../manifest.yml', import.meta.url), 'utf8')
const manifest = parse(text) as Manifest

describe('the manifest', () => {
  it('asks for the commands and events that have a handler, and for no other', () => {
    expect(manifest.features.slash_commands.map(({ command }) => command)).toEqual([COMMAND])
    expect([...manifest.settings.event_subscriptions.bot_events].sort()).toEqual([...EVENTS].sort())
  })

  it('has every shortcut that is listened to, of its kind, and no other', () => {
    const { shortcuts } = manifest.features
    expect(shortcuts.map(({ callback_id: id }) => id).sort()).toEqual(Object.values(SHORTCUTS).sort())
    const ofMessages = shortcuts.filter(({ type }) => type === 'message')
    expect(ofMessages.map(({ callback_id: id }) => id)).toEqual([SHORTCUTS.answer])
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
    expect(bot).toEqual([...BOT_SCOPES])
    expect(bot.filter((scope) => /history|:read$/.test(scope) && scope !== 'users:read')).toEqual([])
  })

  it('leads back from OAuth to the one page that is served', () => {
    expect(manifest.oauth_config.redirect_urls.map((url) => new URL(url).pathname)).toEqual([REDIRECT_PATH])
  })

  it('has only what Slack knows, within its limits, in each of its forms', () => {
    expect(manifestProblems(manifest)).toEqual([])
    expect(manifestProblems(parse(fillManifest(text, { kind: 'socket' })))).toEqual([])
    expect(manifestProblems(parse(fillManifest(text, { kind: 'http', host: 'lens.acme.dev' })))).toEqual([])
  })

  it('is printed with the host in every place, or for Socket Mode without an address', () => {
    const filled = fillManifest(text, { kind: 'http', host: 'lens.acme.dev' })
    expect(filled.match(/https:\/\/lens\.acme\.dev\//g)).toHaveLength(4)
    expect(filled).not.toContain('lensai.example.com')
    const socket = parse(fillManifest(text, { kind: 'socket' })) as Manifest
    expect(JSON.stringify(socket)).not.toContain('https:')
    expect(socket.settings).toMatchObject({
      socket_mode_enabled: true,
      token_rotation_enabled: false,
      interactivity: { is_enabled: true },
      event_subscriptions: { bot_events: manifest.settings.event_subscriptions.bot_events },
    })
    expect(socket.features.slash_commands[0]?.command).toBe(COMMAND)
  })

  it('is asked for by a host, and by nothing that is none', () => {
    expect(readForm(['--host', 'https://lens.acme.dev/'])).toEqual({ kind: 'http', host: 'lens.acme.dev' })
    expect(readForm(['--host=lens.acme.dev:8443'])).toEqual({ kind: 'http', host: 'lens.acme.dev:8443' })
    expect(readForm(['--socket'])).toEqual({ kind: 'socket' })
    for (const words of [[], ['--host'], ['--host', 'http://x y'], ['--host', 'a', 'b'], ['--sock']]) {
      expect(readForm(words)).toMatchObject({
        kind: 'bad',
        problem: expect.stringContaining('npm run manifest'),
      })
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

describe('the check of a manifest', () => {
  const broken = (change: (copy: Manifest) => void): string[] => {
    const copy = structuredClone(manifest)
    change(copy)
    return manifestProblems(copy)
  }
  const [command] = manifest.features.slash_commands

  it.each<[string, (copy: Manifest) => void]>([
    ['/display_information/name', (copy) => (copy.display_information.name = 'x'.repeat(36))],
    ['/display_information/description', (copy) => (copy.display_information.description = 'x'.repeat(141))],
    [
      '/display_information/long_description',
      (copy) => (copy.display_information.long_description = 'x'.repeat(174)),
    ],
    [
      '/display_information/long_description',
      (copy) => (copy.display_information.long_description = 'x'.repeat(4001)),
    ],
    [
      '/features/slash_commands',
      (copy) => (copy.features.slash_commands = Array.from({ length: 51 }, () => command as never)),
    ],
    [
      '/features/slash_commands/0/command',
      (copy) => Object.assign(copy.features.slash_commands[0] ?? {}, { command: `/${'x'.repeat(32)}` }),
    ],
    [
      '/features/slash_commands/0/command',
      (copy) => Object.assign(copy.features.slash_commands[0] ?? {}, { command: '/' }),
    ],
    [
      '/features/shortcuts/0/name',
      (copy) =>
        Object.assign(copy.features, {
          shortcuts: [{ name: 'x'.repeat(25), type: 'global', callback_id: 'x', description: 'x' }],
        }),
    ],
    [
      '/features/shortcuts',
      (copy) =>
        Object.assign(copy.features, {
          shortcuts: Array.from({ length: 11 }, () => ({
            name: 'x',
            type: 'global',
            callback_id: 'x',
            description: 'x',
          })),
        }),
    ],
    ['/settings/hermes', (copy) => Object.assign(copy.settings, { hermes: true })],
    [
      '/oauth_config/redirect_urls/0',
      (copy) => (copy.oauth_config.redirect_urls = ['http://plain.example.com/x']),
    ],
    ['/_metadata/major_version', (copy) => Object.assign(copy, { _metadata: { major_version: 1 } })],
  ])('finds what breaks %s', (path, change) => {
    expect(broken(change).some((problem) => problem.startsWith(path))).toBe(true)
  })
})
