/** What a newcomer reads once everything runs: where to look, and the one command that makes something happen. */
import type { Product } from './product.ts'

export function greeting(product: Product, start: { readonly dir: string; readonly tookMs: number }): string {
  const page = product.sandboxUrl
    ? `  Slack page   ${product.sandboxUrl}   (a local stand-in: no Slack token is set)`
    : '  Slack        connected: type /lens help there'
  return [
    '',
    `LensAI runs (ready in ${(start.tookMs / 1000).toFixed(1)} s). Data is kept in ${start.dir}; Ctrl-C ends everything.`,
    '',
    page,
    `  Ingest       ${product.ingestUrl}`,
    `  API key      ${product.apiKey}   (project ${product.projectName})`,
    '',
    'Send traffic, in a second terminal:',
    '',
    '  npm run replay -- --budget 5',
    '',
  ].join('\n')
}
