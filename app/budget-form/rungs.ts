/**
 * What a budget does before it stops, as a person writes it, a line each:
 *
 *     80% gpt-4o -> gpt-4o-mini
 *     90% 60 calls a minute
 *     95% stop staging, dev
 *
 * Law: what is written of a ladder reads back as that ladder.
 */
import type { Ladder, LadderAction } from '../../core/budget/ladder.ts'
import { parseLadder, toLadderJson } from '../../core/budget/parse-ladder.ts'
import { unreachable } from '../../core/unreachable.ts'

export type ReadRungs =
  | { readonly kind: 'read'; readonly rungs: Ladder }
  | { readonly kind: 'bad'; readonly problem: string }

export const RUNGS_EXAMPLE = '80% gpt-4o -> gpt-4o-mini'
const FORMS = 'Write lines such as "80% gpt-4o -> gpt-4o-mini", "90% 60 calls a minute", "95% stop staging".'

export function readRungs(text: string): ReadRungs {
  const rungs: Ladder[number][] = []
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '') continue
    const rung = rungOf(line.trim())
    if (rung === null) return { kind: 'bad', problem: `Line ${index + 1} is none that I can read. ${FORMS}` }
    const parsed = parseLadder(toLadderJson([rung]))
    if (parsed.kind === 'bad') {
      const problems = parsed.problems.map((problem) => problem.replace(/^ladder\[0\]\.?/, ''))
      return { kind: 'bad', problem: `Line ${index + 1}: ${problems.join('; ')}.` }
    }
    rungs.push(rung)
  }
  return { kind: 'read', rungs: rungs.toSorted((a, b) => a.percent - b.percent) }
}

/** Those short of the stop of all calls, which has a field of its own. */
export const writeRungs = (ladder: Ladder): string =>
  ladder
    .flatMap(({ percent, action }) => {
      const words = wordsOf(action)
      return words === null ? [] : [`${percent}% ${words}`]
    })
    .join('\n')

function wordsOf(action: LadderAction): string | null {
  switch (action.kind) {
    case 'downgrade':
      return `${action.from} -> ${action.to}`
    case 'throttle':
      return `${action.callsPerMinute} calls a minute`
    case 'stop':
      return action.environments === null ? null : `stop ${action.environments.join(', ')}`
    default:
      return unreachable(action)
  }
}

function rungOf(line: string): Ladder[number] | null {
  const at = /^(?:at\s+)?(\d{1,4})\s*%?\s*[:,–-]?\s+(.+)$/i.exec(line)
  const action = actionOf(at?.[2] ?? '')
  return action === null ? null : { percent: Number(at?.[1]), action }
}

function actionOf(words: string): LadderAction | null {
  const instead = /^(\S.*?)\s*(?:->|=>|→)\s*(\S.*)$/.exec(words)
  if (instead) return { kind: 'downgrade', from: instead[1] ?? '', to: (instead[2] ?? '').trim() }
  const speed =
    /^(?:at most\s+)?(\d{1,3}(?:,\d{3})+|\d{1,9})\s*(?:calls?)?\s*(?:\/|a|per)?\s*min(?:ute)?\.?$/i.exec(
      words,
    )
  if (speed) return { kind: 'throttle', callsPerMinute: Number((speed[1] ?? '').replaceAll(',', '')) }
  const stop = /^stop\s+(.+)$/i.exec(words)
  if (!stop) return null
  const environments = (stop[1] ?? '').split(',').flatMap((one) => one.trim() || [])
  return environments.length === 0 ? null : { kind: 'stop', environments }
}
