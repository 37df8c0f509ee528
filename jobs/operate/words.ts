/** Reads options as a person types them: what is wrong comes back as a sentence. */
import { type ParseArgsConfig, parseArgs } from 'node:util'

type Options = NonNullable<ParseArgsConfig['options']>

export type Words<O extends Options> =
  | {
      readonly kind: 'words'
      readonly values: ReturnType<
        typeof parseArgs<{ options: O; strict: true; allowPositionals: true }>
      >['values']
      readonly positionals: readonly string[]
    }
  | { readonly kind: 'bad'; readonly problem: string }

export function readWords<const O extends Options>(words: readonly string[], options: O): Words<O> {
  try {
    const { values, positionals } = parseArgs({
      args: [...words],
      options,
      strict: true,
      allowPositionals: true,
    })
    return { kind: 'words', values, positionals }
  } catch (error) {
    return { kind: 'bad', problem: error instanceof Error ? error.message : String(error) }
  }
}

const UNIT_MS: Readonly<Record<string, number>> = { m: 60_000, h: 3_600_000, d: 86_400_000 }

/** `90d`, `24h`, `30m`; null for anything else. */
export function durationMs(text: string): number | null {
  const [, count, unit] = /^(\d{1,6})([mhd])$/.exec(text) ?? []
  return count === undefined || unit === undefined ? null : Number(count) * (UNIT_MS[unit] ?? 0)
}

/** An RFC 3339 instant, or a day, which begins at midnight UTC; null for anything else. */
export function instantOf(text: string): Date | null {
  if (!/^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}(?::\d{2}(?:\.\d{1,3})?)?(?:Z|[+-]\d{2}:\d{2}))?$/.test(text))
    return null
  const at = new Date(text)
  const isReal = !Number.isNaN(at.getTime()) && (text.length > 10 || at.toISOString().startsWith(text))
  return isReal ? at : null
}
