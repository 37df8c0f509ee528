/** The options of a benchmark, as `parseArgs` reads them; null for words that it does not have. */
import { type ParseArgsConfig, parseArgs } from 'node:util'

export function readWords<const Options extends NonNullable<ParseArgsConfig['options']>>(
  words: readonly string[],
  options: Options,
) {
  try {
    return parseArgs({ args: [...words], options, strict: true }).values
  } catch {
    return null
  }
}
