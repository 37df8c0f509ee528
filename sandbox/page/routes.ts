import type { FastifyInstance } from 'fastify'
import type { SandboxContext } from '../slack/sandbox-context.ts'

export interface PageDeps {
  context: SandboxContext
  commands: readonly string[]
}
export function registerPage(server: FastifyInstance, _deps: PageDeps): void {
  server.get('/', async () => 'page')
}
