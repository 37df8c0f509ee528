/** For servers whose tests ask for no holds. */
import type { Holds } from '../../ingest/holds/open-holds.ts'

const refuse = () => Promise.reject(new Error('this server has no holds'))

export const NO_HOLDS: Holds = { ask: refuse, settle: refuse, release: refuse, read: refuse }
