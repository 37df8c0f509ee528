/** Slack's page that asks whether an app may be installed, as Slack draws it. Works without scripts. */
import type { ReactNode } from 'react'
import { renderToStaticMarkup } from 'react-dom/server'
import type { User, Workspace } from '../slack/workspace.ts'
import { LensSign } from './signs.tsx'
import { typefaceStyles } from './typefaces.ts'

/** Somewhere the app can be installed: a workspace, or all of an organisation. */
export interface Offered {
  where: string
  name: string
  isOrganisation: boolean
  people: readonly User[]
}

export interface ConsentProps {
  appName: string
  path: string
  /** The request as the app made it, which the form sends again. */
  original: Readonly<Record<string, string>>
  scopes: readonly string[]
  offered: readonly Offered[]
  chosen: Offered
}

/** What a person is told of a scope; one that is not here is told by its name alone. */
const SCOPES: Readonly<Record<string, { views: boolean; words: string }>> = {
  'users:read': { views: true, words: 'View people in the workspace' },
  'channels:read': { views: true, words: 'View basic information about public channels' },
  'files:read': { views: true, words: 'View files shared in channels and conversations that it is in' },
  'chat:write': { views: false, words: 'Send messages as @LensAI' },
  commands: { views: false, words: 'Add shortcuts and slash commands that people can use' },
  'files:write': { views: false, words: 'Upload, edit, and delete files as LensAI' },
  'im:write': { views: false, words: 'Start direct messages with people' },
  'channels:join': { views: false, words: 'Join public channels in the workspace' },
}

export function offeredPlaces(workspaces: readonly Workspace[], orgDeploy: boolean): Offered[] {
  const peopleOf = (members: readonly Workspace[]): User[] => [
    ...new Map(
      members.flatMap(({ users }) => users.filter(({ isBot }) => !isBot).map((user) => [user.id, user])),
    ).values(),
  ]
  const orgs = new Map(workspaces.flatMap(({ enterprise: org }) => (org && orgDeploy ? [[org.id, org]] : [])))
  return [
    ...workspaces.map((one) => ({
      ...{ where: one.teamId, name: one.teamName, isOrganisation: false, people: peopleOf([one]) },
    })),
    ...[...orgs.values()].map(({ id, name }) => ({
      ...{ where: id, name, isOrganisation: true },
      people: peopleOf(workspaces.filter(({ enterprise }) => enterprise?.id === id)),
    })),
  ]
}

export const consentPage = (props: ConsentProps): string =>
  documentOf(
    `${props.appName} asks for access`,
    <>
      <header className="consent__bar">
        <span className="consent__brand">slack</span>
        <Switcher {...props} />
      </header>
      <main className="consent">
        <Signs {...props} />
        <h1>
          {props.appName} is requesting permission to access the <strong>{props.chosen.name}</strong> Slack{' '}
          {props.chosen.isOrganisation ? 'organisation' : 'workspace'}
        </h1>
        <form method="post" action={props.path}>
          {Object.entries({ ...props.original, where: props.chosen.where }).map(([name, value]) => (
            <input key={name} type="hidden" name={name} value={value} />
          ))}
          <Permissions {...props} />
          <p className="consent__who">
            <label>
              Signed in as{' '}
              <select name="user">
                {props.chosen.people.map((user) => (
                  <option key={user.id} value={user.id}>
                    {user.realName}
                    {user.isAdmin ? ' (admin)' : ''}
                  </option>
                ))}
              </select>
            </label>
          </p>
          <div className="consent__acts">
            <button type="submit" className="button" name="decision" value="deny">
              Cancel
            </button>
            <button type="submit" className="button button--primary" name="decision" value="allow">
              Allow
            </button>
          </div>
        </form>
      </main>
    </>,
  )

export const refusalPage = (problem: string): string =>
  documentOf(
    'Something went wrong',
    <main className="consent">
      <h1>Something went wrong when authorizing this app.</h1>
      <p role="alert">{problem}</p>
    </main>,
  )

/** As Slack has it, another workspace is another address of the same page. */
function Switcher({ path, original, offered, chosen }: ConsentProps): ReactNode {
  if (offered.length < 2) return <span className="consent__here">{chosen.name}</span>
  return (
    <details className="consent__switch">
      <summary>{chosen.name}</summary>
      <ul aria-label="Install somewhere else">
        {offered.map(({ where, name, isOrganisation }) => (
          <li key={where}>
            <a
              href={`${path}?${new URLSearchParams({ ...original, where })}`}
              {...(where === chosen.where ? { 'aria-current': 'true' as const } : {})}
            >
              {name}
              {isOrganisation ? <small> all its workspaces</small> : null}
            </a>
          </li>
        ))}
      </ul>
    </details>
  )
}

const Signs = ({ chosen }: ConsentProps): ReactNode => (
  <div className="consent__signs" aria-hidden="true">
    <LensSign className="consent__sign" />
    <span className="consent__arrows">⇄</span>
    <span className="consent__sign consent__sign--workspace">{chosen.name.slice(0, 1).toUpperCase()}</span>
  </div>
)

function Permissions({ appName, scopes }: ConsentProps): ReactNode {
  const [views, does] = [true, false].map((wanted) =>
    scopes.filter((scope) => (SCOPES[scope]?.views ?? false) === wanted),
  )
  const list = (title: string, asked: readonly string[] = []) =>
    asked.length === 0 ? null : (
      <details className="consent__group" open>
        <summary>{title}</summary>
        <ul>
          {asked.map((scope) => (
            <li key={scope}>
              {SCOPES[scope]?.words ?? null} <code>{scope}</code>
            </li>
          ))}
        </ul>
      </details>
    )
  return (
    <>
      {list(`What will ${appName} be able to view?`, views)}
      {list(`What will ${appName} be able to do?`, does)}
    </>
  )
}

function documentOf(title: string, body: ReactNode): string {
  const markup = renderToStaticMarkup(
    <html lang="en">
      <head>
        <meta charSet="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <title>{title}</title>
        <link rel="icon" href="data:," />
        {[...typefaceStyles, '/page/page.css', '/page/consent.css'].map((href) => (
          <link key={href} rel="stylesheet" href={href} />
        ))}
      </head>
      <body className="consent-page">{body}</body>
    </html>,
  )
  return `<!doctype html>${markup}`
}
