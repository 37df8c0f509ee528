/** A store that runs on this machine for as long as its starter does. Invariant: it listens on loopback only. */
export interface RunningStore {
  /** Where clients connect. Carries a password: it belongs in no log. */
  url: string
  pid: number
  /** Ends the server cleanly and resolves once its process is gone. May be called twice. */
  stop: () => Promise<void>
  /** Resolves when the server's process is gone, whoever ended it. */
  ended: Promise<void>
}

/** Takes whole sentences about what a person should know of a store's start: fallbacks, recoveries. */
export type StoreLog = (sentence: string) => void

export type EmbeddedStoreErrorCode = 'not_installed' | 'unsupported_platform' | 'start_failed'

/** An embedded store that could not be started; the message names the way out. */
export class EmbeddedStoreError extends Error {
  readonly code: EmbeddedStoreErrorCode

  constructor(code: EmbeddedStoreErrorCode, message: string) {
    super(message)
    this.name = 'EmbeddedStoreError'
    this.code = code
  }
}
