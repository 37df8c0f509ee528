/**
 * What a person is shown is read through what they see (app/seen/seen.ts). Whoever in `app` reads a whole organisation past it
 * stands in a list here, with the reason.
 */
import ts from 'typescript'
import type { SourceFile } from './rules.ts'

/** Each gives what belongs to an organisation, whoever asks. */
export const WHOLE_READERS = [
  ...['listProjects', 'readBudgets', 'readBudgetsIn', 'readCounterIn', 'readBudgetPage', 'readOneBudget'],
  ...['listApiKeys', 'findApiKeysNamed', 'readDeeds', 'readActors', 'listWideStops'],
  ...['readProjectSpend', 'readDailySpend', 'sumsOfDays', 'wholeReach', 'ofOrganisation', 'ofProjects'],
] as const

/** What goes to a channel or runs by itself, and is no answer to one person. */
const PAST_REACH: readonly { readonly file: RegExp; readonly why: string }[] = [
  { file: /^app\/seen\/seen\.ts$/, why: 'it is the way' },
  { file: /^app\/(?:cards|outbox)\//, why: 'a card is shown where its budget says, to whoever is there' },
  { file: /^app\/charts\/linked-charts\.ts$/, why: 'the picture of such a card' },
  { file: /^app\/charts\/chart-sight\.ts$/, why: 'it says for whose eyes a picture of Home is drawn' },
  { file: /^app\/digest\/deliver-digests\.ts$/, why: 'who sets a digest sees every project' },
  {
    file: /^app\/onboarding\/(?:read-welcome|propose-budgets|tell-\w+)\.ts$/,
    why: 'for who sees every project',
  },
  { file: /^app\/stops\/wide-stop-deeds\.ts$/, why: 'its callers found the project by what the person sees' },
]

/** The sentences that say what is wrong with a file; none for tests. */
export function problemsOfReach({ path, text }: SourceFile): string[] {
  if (!path.startsWith('app/') || /\.test\.ts$/.test(path)) return []
  if (PAST_REACH.some(({ file }) => file.test(path))) return []
  const names = importedNames(ts.createSourceFile(path, text, ts.ScriptTarget.Latest, true))
  return [
    ...WHOLE_READERS.filter((reader) => names.includes(reader)).map(
      (reader) => `${path} imports ${reader}, which knows nothing of who asks: read through app/seen/seen.ts`,
    ),
    ...(/\bprojectIds\s*:\s*null\b/.test(text)
      ? [`${path} asks the archive for every project: make the scope with seenCalls`]
      : []),
  ]
}

function importedNames(tree: ts.SourceFile): string[] {
  const names: string[] = []
  for (const statement of tree.statements) {
    if (!ts.isImportDeclaration(statement)) continue
    const bindings = statement.importClause?.namedBindings
    if (!bindings) continue
    // A whole module under one name would be a way round.
    if (ts.isNamespaceImport(bindings)) names.push(...WHOLE_READERS)
    else names.push(...bindings.elements.map(({ propertyName, name }) => (propertyName ?? name).text))
  }
  return names
}
