import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  aCard,
  alex,
  aModal,
  general,
  llmCosts,
  type OpenedSandbox,
  openForTest,
  refusal,
  sam,
} from '../../test/opened-sandbox.ts'
import { sandboxClient } from './client.ts'
import type { Json } from './workspace.ts'

const pixel = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)
let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sandbox-slack-'))
})
afterAll(() => rm(folder, { recursive: true, force: true }))

async function upload(open: OpenedSandbox, more: Json = {}): Promise<string> {
  const asked: Json = {
    ...(await open.client.apiCall('files.getUploadURLExternal', {
      filename: 'spend.png',
      length: pixel.length,
      alt_txt: 'Spend',
    })),
  }
  const stored = await fetch(String(asked.upload_url), { method: 'POST', body: new Uint8Array(pixel) })
  expect(await stored.text()).toBe(`OK - ${pixel.length}`)
  const files = [{ id: asked.file_id, title: 'Spend' }]
  await open.client.apiCall('files.completeUploadExternal', { files, ...more })
  return String(asked.file_id)
}

const chartMessage = (id: string): Json => ({
  channel: llmCosts,
  text: 'Spend',
  blocks: [{ type: 'image', alt_text: 'Spend by model', slack_file: { id } }],
})

describe('an uploaded file', () => {
  it('can be shown in a block only once it is processed, which files.info tells', async () => {
    const open = await openForTest({ fileProcessingMs: 300 })
    const id = await upload(open)
    expect((await open.client.files.info({ file: id })).file?.mimetype).toBe('')
    const early = await refusal(open.client.apiCall('chat.postMessage', chartMessage(id)))
    expect(early).toMatchObject({
      error: 'invalid_blocks',
      errors: ['invalid slack file [json-pointer:/blocks/0/slack_file]'],
    })
    open.moveOn(300)
    const { file } = await open.client.files.info({ file: id })
    expect(file?.mimetype).toBe('image/png')
    await open.client.apiCall('chat.postMessage', chartMessage(id))
    const served = await fetch(String(file?.url_private))
    expect(Buffer.from(await served.arrayBuffer())).toEqual(pixel)
    await open.close()
  })

  it('of another length than announced, or never uploaded, is refused', async () => {
    const open = await openForTest()
    const asked: Json = {
      ...(await open.client.apiCall('files.getUploadURLExternal', { filename: 'a.png', length: 7 })),
    }
    const wrong = await fetch(String(asked.upload_url), { method: 'POST', body: new Uint8Array(pixel) })
    expect(wrong.status).toBe(400)
    const complete = open.client.apiCall('files.completeUploadExternal', { files: [{ id: asked.file_id }] })
    expect((await refusal(complete)).error).toBe('file_not_found')
    await open.close()
  })

  it('goes through the SDK’s own upload, into a channel', async () => {
    const open = await openForTest()
    await open.client.filesUploadV2({
      file: pixel,
      filename: 'spend.png',
      channel_id: llmCosts,
      initial_comment: 'Spend',
    })
    const [message] = await open.sandbox.messages(llmCosts)
    expect(message).toMatchObject({ text: 'Spend', fileIds: [expect.stringMatching(/^F/)] })
    await open.close()
  })
})

describe('the workspace', () => {
  it('survives a restart: messages, modals, Home, files, response URLs', async () => {
    const stateFile = join(folder, 'workspace.json')
    const before = await openForTest({ stateFile })
    const fileId = await upload(before)
    await before.client.apiCall('chat.postMessage', { channel: general, text: 'kept', blocks: aCard() })
    await before.client.apiCall('views.publish', { user_id: sam, view: { type: 'home', blocks: aCard() } })
    await before.sandbox.command({ userId: alex, channelId: general, text: '/lens budget' })
    const command = before.app.received.at(-1)?.payload ?? {}
    await before.client.apiCall('views.open', { trigger_id: command.trigger_id, view: aModal() })
    const modalBefore = await before.sandbox.modal(alex)
    await before.close()

    const after = await openForTest({ stateFile, port: Number(new URL(before.sandbox.url).port) })
    expect((await after.sandbox.messages(general)).map((one) => one.text)).toEqual(['kept'])
    expect(await after.sandbox.modal(alex)).toEqual(modalBefore)
    expect((await after.sandbox.home(sam))?.payload.blocks).toHaveLength(3)
    after.moveOn(100)
    const { file } = await after.client.files.info({ file: fileId })
    expect((await fetch(String(file?.url_private))).status).toBe(200)
    const responded = await fetch(String(command.response_url), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ text: 'after the restart' }),
    })
    expect(responded.status).toBe(200)
    await after.close()
  })

  it('gives each message a later timestamp than the one before, over restarts too', async () => {
    const stateFile = join(folder, 'timestamps.json')
    const stamps: string[] = []
    for (let round = 0; round < 2; round++) {
      const open = await openForTest({ stateFile, now: () => new Date('2026-11-01T00:00:00Z') })
      for (let n = 0; n < 3; n++) {
        const posted: Json = {
          ...(await open.client.apiCall('chat.postMessage', { channel: general, text: 'x' })),
        }
        stamps.push(String(posted.ts))
      }
      await open.close()
    }
    expect(new Set(stamps).size).toBe(6)
    expect([...stamps].sort()).toEqual(stamps)
  })

  it('is driven by the same verbs from another process', async () => {
    const open = await openForTest()
    const remote = sandboxClient(open.sandbox.url)
    await remote.command({ userId: alex, channelId: general, text: 'hello' })
    expect(await remote.messages(general)).toEqual(await open.sandbox.messages(general))
    expect(await remote.modal(alex)).toBeNull()
    await expect(
      remote.press({ userId: alex, channelId: general, messageTs: '1.0', actionId: 'x' }),
    ).rejects.toMatchObject({ code: 'message_not_found' })
    await open.close()
  })

  it('listens on loopback only, and answers no page of another site', async () => {
    await expect(openForTest({ host: '0.0.0.0' })).rejects.toMatchObject({ code: 'host_not_loopback' })
    const open = await openForTest()
    const foreign = await fetch(`${open.sandbox.url}/_sandbox/users`, {
      headers: { origin: 'https://elsewhere.example' },
    })
    expect(foreign.status).toBe(403)
    await open.close()
  })
})
