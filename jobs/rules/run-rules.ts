/** `npm run rules`: shows and sets what a project lets through, and what an organisation pays. */
import { readFile } from 'node:fs/promises'
import { isJsonObject, type JsonObject } from '../../core/event/field-reader.ts'
import { type PricingSheet, parsePricingSheet } from '../../core/pricing/parse-pricing-sheet.ts'
import { DEFAULT_POLICY, parseRedactionPolicy } from '../../core/redact/policy.ts'
import {
  isChange,
  previewPricingSheet,
  readPricingSheet,
  replacePricingSheet,
  type SheetChange,
} from '../../db/postgres/pricing-sheets.ts'
import { readRedactionPolicy, setRedactionPolicy } from '../../db/postgres/redaction-policies.ts'
import { organisationNamed, projectNamed } from '../operate/named.ts'
import { failed, type Operation, type Operator } from '../operate/operation.ts'
import type { PriceRules, RedactionRules, RulesAsked } from './arguments.ts'
import { policyDifference, policyJson, policyOf } from './policy-text.ts'

const UNTOUCHED = 'Nothing was changed. --apply changes it.'
const IN_FORCE = 'This is applied; each replica of ingest works by it within 10 seconds.'
const SAME = 'This is what holds already; there is nothing to change.'

export const runRules = (asked: RulesAsked, operator: Operator): Promise<Operation> =>
  asked.subject === 'redaction' ? redaction(asked, operator) : prices(asked, operator)

async function redaction(asked: RedactionRules, operator: Operator): Promise<Operation> {
  const { postgres, by } = operator
  const { tables } = postgres
  const owner = asked.org === null ? null : await organisationNamed(tables, asked.org)
  if (owner?.kind === 'bad') return failed(owner.problem)
  const found = await projectNamed(tables, asked.project, owner?.one ?? null)
  if (found.kind === 'bad') return failed(found.problem)
  const projectId = found.one.id
  const stored = await readRedactionPolicy(tables, projectId)
  const before = policyOf(stored)
  if (asked.file === null && !asked.unset) return shown(policyJson(before), storedNotes(stored))
  const wanted = asked.file === null ? null : await readJson(asked.file)
  if (wanted?.kind === 'bad') return failed(wanted.problem)
  const policy = wanted === null ? null : wanted.value
  const parsed =
    policy === null ? { kind: 'policy' as const, policy: DEFAULT_POLICY } : parseRedactionPolicy(policy)
  if (parsed.kind === 'bad') return failed(...parsed.problems)
  const lines = policyDifference(before, parsed.policy)
  if (lines.length === 0 && (policy === null) === (stored === null)) return { kind: 'done', lines: [SAME] }
  const notes =
    before.text === 'drop' && parsed.policy.text === 'keep'
      ? ['text: keep stores prompts and answers that come in metadata and tags.']
      : []
  const shownLines = lines.length === 0 ? ['What holds stays the same: the policy is the default.'] : lines
  if (!asked.apply) return { kind: 'done', lines: [...shownLines, UNTOUCHED], notes }
  const outcome = await setRedactionPolicy(postgres, { projectId, policy, by }, operator.now())
  if (outcome === 'project_unknown') return failed(`${found.one.name} is gone`)
  return { kind: 'done', lines: [...shownLines, IN_FORCE], notes }
}

async function prices(asked: PriceRules, operator: Operator): Promise<Operation> {
  const { postgres, by } = operator
  const { tables } = postgres
  const owner = await organisationNamed(tables, asked.org)
  if (owner.kind === 'bad') return failed(owner.problem)
  const orgId = owner.one.id
  if (asked.file === null) return shown(await readPricingSheet(tables, orgId), [])
  const wanted = await readJson(asked.file)
  if (wanted.kind === 'bad') return failed(wanted.problem)
  const parsed = parsePricingSheet(wanted.value)
  if (parsed.kind === 'bad') return failed(...parsed.problems)
  const sheet = parsed.value
  const change = asked.apply
    ? await replacePricingSheet(postgres, { orgId, sheet, by }, operator.now())
    : await previewPricingSheet(tables, orgId, sheet)
  if (!isChange(change)) return { kind: 'done', lines: [SAME] }
  return {
    kind: 'done',
    lines: [...changeLines(change), asked.apply ? IN_FORCE : UNTOUCHED],
    notes: asked.apply
      ? ['Calls that were priced before keep their price; npm run job -- reprice shows what they would cost.']
      : [],
  }
}

const shown = (value: object, notes: readonly string[]): Operation => ({
  kind: 'done',
  lines: [JSON.stringify(value, null, 2)],
  notes,
})

function storedNotes(stored: unknown): readonly string[] {
  if (stored === null) return ['The project has no policy of its own: this is the default.']
  const parsed = parseRedactionPolicy(stored)
  if (parsed.kind === 'policy') return []
  return ['The stored policy cannot be read, so the default holds:', ...parsed.problems]
}

function changeLines({ added, archived, kept }: SheetChange): readonly string[] {
  const lines = (sign: string, { prices, aliases }: PricingSheet) => [
    ...prices.map((price) => `${sign} price ${JSON.stringify(price)}`),
    ...aliases.map((alias) => `${sign} alias ${JSON.stringify(alias)}`),
  ]
  return [...lines('-', archived), ...lines('+', added), `${kept} stay as they are.`]
}

type JsonFile =
  | { readonly kind: 'json'; readonly value: JsonObject }
  | { readonly kind: 'bad'; readonly problem: string }

async function readJson(file: string): Promise<JsonFile> {
  try {
    const value: unknown = JSON.parse(await readFile(file, 'utf8'))
    if (isJsonObject(value)) return { kind: 'json', value }
    return { kind: 'bad', problem: `${file} holds no JSON object` }
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error)
    return { kind: 'bad', problem: `${file} cannot be read: ${reason}` }
  }
}
