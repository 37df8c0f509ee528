/** Starts one S3 server for a run of the S3 tests, and removes it at the end. */
import type { TestProject } from 'vitest/node'
import { makeRunFolder } from '../stores/run-folder.ts'
import { type S3Access, startRadosgw } from './start-radosgw.ts'

declare module 'vitest' {
  interface ProvidedContext {
    s3: S3Access
  }
}

export async function setup(project: TestProject): Promise<() => Promise<void>> {
  const folder = await makeRunFolder('lensai-test-s3-')
  try {
    const { endpoint, accessKeyId, secretAccessKey, stop } = await startRadosgw(folder.path)
    project.provide('s3', { endpoint, accessKeyId, secretAccessKey })
    return async () => {
      await stop()
      await folder.remove()
    }
  } catch (error) {
    await folder.remove()
    throw error
  }
}
