/**
 * Three kinds of tests. `unit` needs nothing but Node and is part of `npm run check`; `processes` starts and kills
 * processes of ours; `stores` runs against one real Postgres and one real ClickHouse that are started for the run.
 * Tests of an S3 server have a configuration of their own.
 */
import { configDefaults, defineConfig } from 'vitest/config'

const folders = '{core,db,ingest,app,jobs,sandbox,local,test,bench,sdk}'
const processTests = [`${folders}/**/*.process.test.ts`]
const storeTests = [`${folders}/**/*.store.test.ts`, `${folders}/**/*.page.test.{ts,tsx}`]

export default defineConfig({
  test: {
    // Two workers: the suites share the stores, and small machines have two cores.
    maxWorkers: 2,
    // What comes by itself may take its time on a busy machine; the second that is usual is a race.
    expect: { poll: { timeout: 10_000, interval: 25 } },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: [`${folders}/**/*.test.{ts,tsx}`],
          exclude: [
            ...configDefaults.exclude,
            ...processTests,
            ...storeTests,
            '**/*.s3.test.ts',
            '**/*.emitters.test.ts',
          ],
          testTimeout: 20_000,
          // Importing a file of ours does nothing, so the files of a worker can share what they import.
          isolate: false,
        },
      },
      {
        extends: true,
        test: { name: 'processes', include: processTests, testTimeout: 20_000 },
      },
      {
        extends: true,
        test: {
          name: 'stores',
          include: storeTests,
          globalSetup: ['test/stores/start-stores.ts'],
          testTimeout: 30_000,
          hookTimeout: 60_000,
        },
      },
    ],
  },
})
