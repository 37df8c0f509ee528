/**
 * The floor: an app that verifies Slack's signature, acknowledges, and answers every command with one word. What the
 * product takes more than this is what it does.
 */
import { createHmac, timingSafeEqual } from 'node:crypto'
import { createServer, type IncomingMessage } from 'node:http'

const secret = process.env.SLACK_SIGNING_SECRET ?? ''

async function bodyOf(request: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = []
  for await (const piece of request) pieces.push(Buffer.from(piece))
  return Buffer.concat(pieces).toString()
}

function isSigned(request: IncomingMessage, body: string): boolean {
  const at = String(request.headers['x-slack-request-timestamp'])
  const expected = `v0=${createHmac('sha256', secret).update(`v0:${at}:${body}`).digest('hex')}`
  const given = String(request.headers['x-slack-signature'])
  return given.length === expected.length && timingSafeEqual(Buffer.from(given), Buffer.from(expected))
}

const server = createServer(async (request, response) => {
  const body = await bodyOf(request)
  if (!isSigned(request, body)) {
    response.writeHead(401).end()
    return
  }
  response.writeHead(200).end()
  const answerTo = new URLSearchParams(body).get('response_url') ?? ''
  const headers = { 'content-type': 'application/json' }
  await fetch(answerTo, { method: 'POST', headers, body: JSON.stringify({ text: 'Yes.' }) })
})
server.listen(Number(process.env.FLOOR_PORT), '127.0.0.1', () => process.send?.({ ready: true }))
process.once('disconnect', () => process.exit(0))
