/** Begins the readers' thread: a thread does not inherit tsx, which reads the TypeScript of everything else. */
import { register } from 'tsx/esm/api'

register()
await import('./main.ts')
