/** What `/lens stop` and `/lens resume` are about: a project by its name, or everything; and the words after it. */
import type { Project } from '../../../db/postgres/projects.ts'
import { COMMAND } from '../../ids.ts'
import { nearest } from './nearest.ts'

export type Reach =
  | { readonly kind: 'unsaid' }
  | { readonly kind: 'everything'; readonly reason: string }
  | { readonly kind: 'project'; readonly project: Project; readonly reason: string }
  | { readonly kind: 'unknown'; readonly said: string; readonly suggestion: string | null }

const EVERYTHING_WORDS = ['everything', 'all', 'organisation', 'organization', 'org']
const PROJECTS_SHOWN_MAX = 10

/** A project's own name comes first, the longest that fits: names may hold spaces, and one may be called `all`. */
export function readReach(verb: 'stop' | 'resume', rest: string, projects: readonly Project[]): Reach {
  const text = rest.trim()
  if (text === '') return { kind: 'unsaid' }
  const [project] = projects
    .filter(({ name }) => afterName(text, name) !== null)
    .sort((a, b) => b.name.length - a.name.length)
  if (project) return { kind: 'project', project, reason: afterName(text, project.name) ?? '' }
  for (const word of EVERYTHING_WORDS) {
    const reason = afterName(text, word)
    if (reason !== null) return { kind: 'everything', reason }
  }
  return unknownReach(verb, text, projects)
}

const OPENING = /^["'`“‘*]/
const CLOSING = /^["'`”’*]/

/** What follows the name at the beginning of the text, in any case and quoted or not; null when it is not there. */
function afterName(text: string, name: string): string | null {
  const bare = OPENING.test(text) ? text.slice(1) : text
  if (name === '' || bare.slice(0, name.length).toLowerCase() !== name.toLowerCase()) return null
  const after = bare.slice(name.length).replace(CLOSING, '')
  if (after !== '' && !/^[\s:,;.–—-]/.test(after)) return null
  if (/^-\S/.test(after)) return null
  return after.replace(/^[\s:,;.–—-]+/, '').trim()
}

function unknownReach(verb: string, text: string, projects: readonly Project[]): Reach {
  const [word = '', ...others] = text.split(/\s+/)
  const names = projects.map(({ name }) => name)
  const lower = nearest(
    word.toLowerCase(),
    [...names, ...EVERYTHING_WORDS.slice(0, 1)].map((name) => name.toLowerCase()),
  )
  const near = names.find((name) => name.toLowerCase() === lower) ?? lower
  const shown = names.slice(0, PROJECTS_SHOWN_MAX).map((name) => `\`${name.replaceAll('`', '')}\``)
  const more = names.length > shown.length ? ` and ${names.length - shown.length} more` : ''
  return {
    kind: 'unknown',
    said: `There is no project \`${word.slice(0, 40).replaceAll('`', '')}\`. Say \`everything\`, or one of ${shown.join(', ')}${more}.`,
    suggestion: near && [COMMAND, verb, near, ...others].join(' '),
  }
}
