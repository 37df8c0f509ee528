/** Who is told when something changed: the page, and the snapshot on disk. */
export type Change =
  | { kind: 'channel'; channelId: string }
  | { kind: 'modal'; userId: string }
  | { kind: 'home'; userId: string }
  | { kind: 'workspace' }

export interface Changes {
  emit: (change: Change) => void
  listen: (listener: (change: Change) => void) => () => void
}

export function openChanges(): Changes {
  const listeners = new Set<(change: Change) => void>()
  return {
    emit(change) {
      for (const listener of listeners) listener(change)
    },
    listen(listener) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
}
