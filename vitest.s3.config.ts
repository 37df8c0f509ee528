/** Tests against a real S3 server, which needs Debian packages that npm does not bring: `npm run test:s3`. */
import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['{db,ingest,app,jobs,local,test}/**/*.s3.test.ts'],
    globalSetup: ['test/s3/start-server.ts', 'test/stores/start-stores.ts'],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    maxWorkers: 2,
  },
})
