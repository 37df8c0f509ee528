import { readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { expect, it } from 'vitest'
import { describeObjectStore } from '../../test/objects-contract.ts'
import { temporaryFolder } from '../../test/temporary-folder.ts'
import { openObjects } from './open-objects.ts'

describeObjectStore('a folder', async () => {
  const folder = await temporaryFolder()
  const url = pathToFileURL(join(folder.path, 'not made yet', 'objects')).href
  return { objects: openObjects(url), again: () => openObjects(url), remove: folder.remove }
})

it('neither shows nor trips over what a crash left unfinished', async () => {
  const folder = await temporaryFolder()
  const objects = openObjects(pathToFileURL(folder.path).href)
  await objects.put('raw/a', new Uint8Array([1]))
  await writeFile(join(folder.path, 'raw', 'b.unfinished'), 'half')
  const keys: string[] = []
  for await (const { key } of objects.list('')) keys.push(key)
  expect(keys).toEqual(['raw/a'])
  expect(await readdir(join(folder.path, 'raw'))).toEqual(['a', 'b.unfinished'])
  await folder.remove()
})

it('writes nothing outside its folder, however a key is spelled', async () => {
  const folder = await temporaryFolder()
  const objects = openObjects(pathToFileURL(join(folder.path, 'inside')).href)
  for (const key of ['../outside', 'a/../../outside', '/outside', '..\\outside', '%2e%2e/outside'])
    await objects.put(key, new Uint8Array([1])).catch(() => undefined)
  expect((await readdir(folder.path)).filter((name) => name !== 'inside')).toEqual([])
  await folder.remove()
})
