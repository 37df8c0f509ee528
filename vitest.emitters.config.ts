/** Real exporters and instrumentations, installed from npm and PyPI, against real ingest: `npm run test:emitters`. */
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/emitters/**/*.emitters.test.ts'],
    globalSetup: ['test/emitters/installed.ts', 'test/stores/start-stores.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
  },
})
