/** The two pages of an installation, over HTTP. */
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { INSTALL_PATH } from '../../core/install-link.ts'
import type { SlackOAuth } from '../deps.ts'
import { beginInstall, type Finished, finishInstall, type InstallDeps, REDIRECT_PATH } from './install.ts'
import { STATE_LIFE_S } from './install-state.ts'
import { FAILURES, type Failure, type Page, renderPage } from './pages.ts'

const COOKIE = 'lens_install'
const CONTENT_SECURITY_POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

export function registerInstall(server: FastifyInstance, deps: InstallDeps): void {
  server.get(INSTALL_PATH, async (request, reply) => {
    const begun = beginInstall(deps, wordOf(request, 'join'))
    if (begun.kind === 'failed') return await showFailure(reply, begun.why)
    return await reply
      .header('set-cookie', cookieOf(deps, begun.cookie, STATE_LIFE_S))
      .header('cache-control', 'no-store')
      .header('referrer-policy', 'no-referrer')
      .redirect(begun.url)
  })
  server.get(REDIRECT_PATH, async (request, reply) => {
    const finished = await finish(deps, request)
    reply.header('set-cookie', cookieOf(deps, '', 0))
    return finished.kind === 'failed'
      ? await showFailure(reply, finished.why)
      : await show(reply, 200, installedPage(finished, deps.oauth))
  })
}

async function finish(deps: InstallDeps, request: FastifyRequest): Promise<Finished> {
  try {
    return await finishInstall(deps, {
      code: wordOf(request, 'code'),
      state: wordOf(request, 'state'),
      error: wordOf(request, 'error'),
      cookie: readCookie(request.headers.cookie),
    })
  } catch (error) {
    deps.log.error({ err: error }, 'an installation was not saved')
    return { kind: 'failed', why: 'ours' }
  }
}

function installedPage(
  { installation, appId }: Extract<Finished, { kind: 'installed' }>,
  { authorizeUrl }: SlackOAuth,
): Page {
  const { teamId, enterpriseId, teamName } = installation
  const app = appId === null ? {} : { app: appId }
  // Where Slack asked, Slack is: so the local Slack is come back to as well.
  const way = new URL('/app_redirect', authorizeUrl)
  way.search = new URLSearchParams({ ...app, team: teamId ?? enterpriseId ?? '' }).toString()
  return {
    title: `LensAI is in ${teamName || 'your workspace'}`,
    text: 'Name a project next: two minutes to your first call. LensAI waits for you under Apps, and has written to you.',
    link: { href: way.href, text: 'Open LensAI in Slack' },
  }
}

const OUR_FAULT: readonly Failure[] = ['unreachable', 'ours']

function showFailure(reply: FastifyReply, why: Failure): Promise<FastifyReply> {
  const link = { href: INSTALL_PATH, text: 'Add LensAI to Slack' }
  const needsLink = why === 'link_bad' || why === 'link_used' || why === 'of_other_organisation'
  const page = { title: 'LensAI was not installed', text: FAILURES[why], link: needsLink ? null : link }
  return show(reply, OUR_FAULT.includes(why) ? 503 : 400, page)
}

const show = async (reply: FastifyReply, status: number, page: Page): Promise<FastifyReply> =>
  await reply
    .status(status)
    .headers({
      'content-type': 'text/html; charset=utf-8',
      'content-security-policy': CONTENT_SECURITY_POLICY,
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      'x-content-type-options': 'nosniff',
    })
    .send(renderPage(page))

/** Lax: Slack's redirect is a plain visit from another site, which must bring it. */
const cookieOf = ({ oauth }: InstallDeps, value: string, lifeS: number): string =>
  [
    `${COOKIE}=${value}`,
    'Path=/slack',
    `Max-Age=${lifeS}`,
    'HttpOnly',
    'SameSite=Lax',
    ...(oauth.publicUrl.startsWith('https:') ? ['Secure'] : []),
  ].join('; ')

function readCookie(header: string | undefined): string | null {
  const pairs = (header ?? '').split(';').map((pair) => pair.trim().split('='))
  return pairs.find(([name]) => name === COOKIE)?.[1] ?? null
}

/** Said once, and as a word. */
function wordOf({ query }: FastifyRequest, name: string): string | null {
  if (typeof query !== 'object' || query === null) return null
  const found = Object.entries(query).find(([key]) => key === name)?.[1]
  return typeof found === 'string' && found !== '' ? found : null
}
