import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { FOLDERS, problemsOf, type SourceFile } from './rules.ts'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))

/** Packages that a suite installs for itself are no source of ours. */
const isInstalled = (folder: string): boolean =>
  /[\\/]node_modules(?:[\\/]|$)/.test(folder.slice(ROOT.length - 1))

// Git keeps no empty folder, so a clone has a folder of ours only once something lies in it.
const present = FOLDERS.filter((folder) => existsSync(`${ROOT}${folder}`))
const sources: readonly SourceFile[] = present.flatMap((folder) =>
  readdirSync(`${ROOT}${folder}`, { withFileTypes: true, recursive: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name) && !isInstalled(entry.parentPath))
    .map((entry) => `${entry.parentPath}/${entry.name}`.slice(ROOT.length).replaceAll('\\', '/'))
    .map((path) => ({ path, text: readFileSync(`${ROOT}${path}`, 'utf8') })),
)

describe('the architecture', () => {
  it('is kept by every source of ours', () => {
    expect(sources.length).toBeGreaterThan(50)
    expect(sources.flatMap(problemsOf)).toEqual([])
  })
})

describe('the rules', () => {
  const broken = (path: string, text: string): boolean => problemsOf({ path, text }).length > 0

  it.each([
    ['core/x.ts', `import { a } from '../db/a.ts'`],
    ['core/x.ts', `import { readFile } from 'node:fs/promises'`],
    ['core/x.ts', `import postgres from 'postgres'`],
    ['db/x.ts', `import { a } from '../ingest/a.ts'`],
    ['ingest/http/x.ts', `import type { A } from '../../app/a.ts'`],
    ['ingest/x.ts', `const a = await import('../jobs/a.ts')`],
    ['ingest/x.ts', `export * from '../sandbox/a.ts'`],
    ['app/x.ts', `import { sql } from 'drizzle-orm/pg-core'`],
    ['app/x.test.ts', `import { a } from '../local/a.ts'`],
    ['app/x.ts', `import { a } from '../test/a.ts'`],
    ['sandbox/x.ts', `import { a } from '../core/money.ts'`],
    ['local/x.ts', `import { a } from '../test/a.ts'`],
    ['jobs/x.ts', `import { App } from '@slack/bolt'`],
    ['jobs/x.ts', 'export const a = () => process.env.HOME'],
    ['jobs/x.ts', 'export const a = () => new Date()'],
    ['jobs/x.ts', 'export const a = () => Date.now()'],
    ['jobs/x.ts', 'export const a = (b: any) => b'],
    ['jobs/x.ts', `// ${'TO'}${'DO'}: later`],
    ['jobs/x.ts', `${'\n'.repeat(300)}export {}`],
  ])('refuse in %s: %s', (path, text) => {
    expect(broken(path, text)).toBe(true)
  })

  it.each([
    ['ingest/http/x.ts', `import { a } from '../../core/a.ts'\nimport { b } from '../../db/b.ts'`],
    ['app/x.test.ts', `import { a } from '../test/a.ts'`],
    ['sandbox/slack/x.ts', `import { unreachable } from '../../core/unreachable.ts'`],
    ['local/x.ts', `import { a } from '../sandbox/a.ts'`],
    ['test/journey/x.ts', `import { a } from '../../local/a.ts'`],
    ['app/x.ts', `import { App } from '@slack/bolt'`],
    ['jobs/x.ts', 'export const a = (at: Date) => new Date(at)'],
    ['jobs/main.ts', 'export const a = [process.env.HOME, new Date()]'],
    ['jobs/x.test.ts', 'export const a = [process.env.HOME, Date.now()]'],
    ['jobs/x.ts', '// any text may say new Date() or process.env'],
  ])('allow in %s: %s', (path, text) => {
    expect(broken(path, text)).toBe(false)
  })
})
