import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { problemsOfReach, WHOLE_READERS } from './reach.ts'
import type { SourceFile } from './rules.ts'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const sourcesIn = (folder: string): SourceFile[] =>
  readdirSync(`${ROOT}${folder}`, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
    .map((entry) => `${entry.parentPath}/${entry.name}`.slice(ROOT.length).replaceAll('\\', '/'))
    .map((path) => ({ path, text: readFileSync(`${ROOT}${path}`, 'utf8') }))

describe('what a person is shown', () => {
  it('is read through what they see, in every file of the app', () => {
    const sources = sourcesIn('app')
    expect(sources.length).toBeGreaterThan(50)
    expect(sources.flatMap(problemsOfReach)).toEqual([])
  })

  it('has no way round it: every reader of a whole organisation is one that there is', () => {
    const all = [...sourcesIn('db'), ...sourcesIn('core')].map(({ text }) => text).join('\n')
    for (const reader of WHOLE_READERS)
      expect(all).toMatch(new RegExp(`export (?:async )?(?:function|const) ${reader}\\b`))
  })

  it.each([
    `import { listProjects } from '../../../db/postgres/projects.ts'`,
    `import { listProjects as all } from '../../../db/postgres/projects.ts'`,
    `import * as projects from '../../../db/postgres/projects.ts'`,
    `import { wholeReach } from '../../../core/people/reach.ts'`,
    `const scope = { orgId, projectIds: null, from, until }`,
  ])('may not be, in a new command: %s', (text) => {
    expect(problemsOfReach({ path: 'app/listeners/commands/new.ts', text })).toHaveLength(
      text.includes('*') ? WHOLE_READERS.length : 1,
    )
  })
})
