/**
 * The labelled strings in two halves: `seen` is what the rules were tuned on; `heldOut` was written before any rule ran
 * and tells how well they do on what they do not know.
 */
import { HELD_OUT_CLEAN } from './held-out-clean.ts'
import { HELD_OUT_PERSONAL } from './held-out-personal.ts'
import { type Labelled, readLabelled } from './read-labelled.ts'
import { SEEN_CLEAN } from './seen-clean.ts'
import { SEEN_PERSONAL } from './seen-personal.ts'

export const labelled = (): {
  readonly seen: readonly Labelled[]
  readonly heldOut: readonly Labelled[]
} => ({
  seen: [...readLabelled(SEEN_PERSONAL), ...readLabelled(SEEN_CLEAN)],
  heldOut: [...readLabelled(HELD_OUT_PERSONAL), ...readLabelled(HELD_OUT_CLEAN)],
})
