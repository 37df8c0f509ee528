import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['{core,db,ingest,app,jobs,sandbox,local,test}/**/*.test.{ts,tsx}'],
    exclude: ['node_modules/**', '**/*.s3.test.ts'],
    testTimeout: 20_000,
    hookTimeout: 60_000,
    // Two workers: the suites share one Postgres and one ClickHouse, and small machines have two cores.
    maxWorkers: 2,
  },
})
