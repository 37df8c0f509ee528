/**
 * Runs the stand-in as a process of its own.
 * PROVIDER_PORT (0: any), PROVIDER_FIRST_TOKEN_MS, PROVIDER_PER_TOKEN_MS. Says that it is ready with one JSON line on
 * stdout, and to a parent with an IPC channel by a message. Ends on SIGTERM, SIGINT, with its parent's channel, and
 * with its stdin when PROVIDER_ENDS_WITH_STDIN is 1.
 */
import { openProviderStandIn } from './open-provider.ts'

function wholeNumber(name: string, most: number): number {
  const text = process.env[name] ?? '0'
  const value = Number(text)
  if (text.trim() !== '' && Number.isInteger(value) && value >= 0 && value <= most) return value
  process.stderr.write(`${name} is "${text}"; it must be a whole number from 0 to ${most}.\n`)
  process.exit(1)
}

const port = wholeNumber('PROVIDER_PORT', 65_535)
const delays = {
  firstTokenMs: wholeNumber('PROVIDER_FIRST_TOKEN_MS', 600_000),
  perTokenMs: wholeNumber('PROVIDER_PER_TOKEN_MS', 600_000),
}

const provider = await openProviderStandIn({ port, delays, now: () => new Date() }).catch(
  (error: unknown) => {
    const why = error instanceof Error ? error.message : String(error)
    process.stderr.write(
      `The provider stand-in cannot listen on port ${port}: ${why}. Set PROVIDER_PORT to a free one.\n`,
    )
    process.exit(1)
  },
)

let ending = false
function end(): void {
  if (ending) return
  ending = true
  void provider.close().then(() => process.exit(0))
}

process.on('SIGTERM', end)
process.on('SIGINT', end)
process.on('disconnect', end)
if (process.env.PROVIDER_ENDS_WITH_STDIN === '1') process.stdin.on('end', end).resume()

const ready = { ready: true, url: provider.url }
process.stdout.write(`${JSON.stringify(ready)}\n`)
process.send?.(ready)
