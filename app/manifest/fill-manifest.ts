/** The manifest for one place: with its address, or for Socket Mode without any. The file's own words and order stay. */
const EXAMPLE_HOST = 'lensai.example.com'

export type Form =
  | { readonly kind: 'http'; readonly host: string }
  /** For one workspace while developing: no address, so no OAuth, and tokens that last. */
  | { readonly kind: 'socket' }

export function fillManifest(text: string, form: Form): string {
  if (form.kind === 'http') return text.replaceAll(EXAMPLE_HOST, form.host)
  return text
    .replace(/^ {2}redirect_urls:\n(?: {4}- .*\n)+/m, '')
    .replaceAll(/^ *(?:- )?(?:url|request_url): .*\n/gm, '')
    .replace('socket_mode_enabled: false', 'socket_mode_enabled: true')
    .replace('token_rotation_enabled: true', 'token_rotation_enabled: false')
    .replace('org_deploy_enabled: true', 'org_deploy_enabled: false')
}

export type Read = Form | { readonly kind: 'bad'; readonly problem: string }

const USAGE = 'usage: npm run manifest -- --host lens.example.com, or npm run manifest -- --socket'

/** A name that Slack can reach by https, with a port where it has one; people also paste an address. */
export function readForm(words: readonly string[]): Read {
  const [option, value, ...more] = words.flatMap((word) => word.split(/=(.*)/s).filter((part) => part !== ''))
  if (option === '--socket' && value === undefined) return { kind: 'socket' }
  if (option !== '--host' || value === undefined || more.length > 0) return { kind: 'bad', problem: USAGE }
  const host = value.replace(/^https:\/\//, '').replace(/\/$/, '')
  return /^[a-z0-9](?:[a-z0-9.-]*[a-z0-9])?(?::\d{1,5})?$/i.test(host)
    ? { kind: 'http', host }
    : {
        kind: 'bad',
        problem: `--host takes a name such as lens.example.com, which Slack reaches by https. ${USAGE}`,
      }
}
