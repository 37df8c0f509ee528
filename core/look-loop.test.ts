import { describe, expect, it } from 'vitest'
import { openAlarm } from './alarm.ts'
import { runLookLoop } from './look-loop.ts'

describe('a loop that looks', () => {
  it('goes on after what failed, and ends once the look that runs has ended', async () => {
    const alarm = openAlarm()
    const seen: string[] = []
    const again = openAlarm()
    const held = openAlarm()
    const loop = runLookLoop({
      ...{ alarm, everyMs: 60_000, afterErrorMs: 1, stumbled: (error) => seen.push(String(error)) },
      look: async (isRunning) => {
        if (seen.length === 0) throw new Error('once')
        again.ring()
        await held.sleep(60_000)
        seen.push(isRunning() ? 'runs' : 'is to end')
      },
    })
    await again.sleep(60_000)
    const stopped = loop.stop().then(() => seen.push('stopped'))
    held.ring()
    await stopped
    expect(seen).toEqual(['Error: once', 'is to end', 'stopped'])
  })
})
