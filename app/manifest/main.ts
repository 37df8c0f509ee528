/** `npm run manifest`: prints manifest.yml with the host filled in, or in the form for Socket Mode. */
import { readFileSync } from 'node:fs'
import { fillManifest, readForm } from './fill-manifest.ts'

const form = readForm(process.argv.slice(2))
if (form.kind === 'bad') {
  process.stderr.write(`${form.problem}\n`)
  process.exitCode = 1
} else {
  const text = readFileSync(new URL('../../manifest.yml', import.meta.url), 'utf8')
  process.stdout.write(fillManifest(text, form))
}
