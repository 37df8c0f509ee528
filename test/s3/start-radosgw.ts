/**
 * A real S3 server for tests: Ceph's radosgw over a store in memory, on 127.0.0.1.
 * Invariant: it ends when this process does, and what it held is gone.
 */
import { execFile } from 'node:child_process'
import { randomBytes, randomUUID } from 'node:crypto'
import { mkdir, open, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { promisify } from 'node:util'
import { findFreePort } from '../../local/stores/free-port.ts'
import { type BoundProcess, spawnBound } from './bound-process.ts'
import { cephConf } from './ceph-conf.ts'

export interface S3Access {
  endpoint: string
  accessKeyId: string
  secretAccessKey: string
}

export interface RunningS3 extends S3Access {
  /** Kills what serves requests; what is stored stays. */
  killGateway: () => Promise<void>
  /** Starts it again at the same address; resolves when it serves. */
  startGateway: () => Promise<void>
  stop: () => Promise<void>
}

const programs = ['ceph', 'ceph-authtool', 'ceph-mon', 'ceph-osd', 'monmaptool', 'radosgw', 'radosgw-admin']
const startTimeoutMs = 120_000
const execute = promisify(execFile)

export async function startRadosgw(folder: string): Promise<RunningS3> {
  await refuseMissingPrograms()
  const [monitor, gateway] = [await findFreePort(), await findFreePort()]
  for (const name of ['run', 'log', 'crash', 'mon', 'osd'])
    await mkdir(join(folder, name), { recursive: true })
  const fsid = randomUUID()
  const conf = join(folder, 'ceph.conf')
  await writeFile(conf, cephConf({ folder, fsid, ports: { monitor, gateway } }))
  const run = (program: string, ...args: string[]) =>
    execute(program, args, { cwd: folder, timeout: startTimeoutMs })
  const log = await open(join(folder, 'log', 'daemons.log'), 'a')
  const daemons: BoundProcess[] = []
  const start = (program: string, ...args: string[]) => {
    daemons.push(spawnBound(program, ['-c', conf, '-f', ...args], log.fd))
  }
  const stop = async (): Promise<void> => {
    // The gateway first: it waits for a store that has gone before it.
    for (const daemon of daemons.reverse()) await daemon.kill()
    await log.close()
  }
  try {
    await makeKeyring(run, join(folder, 'keyring'))
    const monmap = join(folder, 'monmap')
    await run('monmaptool', '--create', '--fsid', fsid, '--addv', 'a', `[v2:127.0.0.1:${monitor}]`, monmap)
    await run(
      'ceph-mon',
      '-c',
      conf,
      '--mkfs',
      '-i',
      'a',
      '--monmap',
      monmap,
      '--keyring',
      join(folder, 'keyring'),
    )
    start('ceph-mon', '-i', 'a')
    const osd = randomUUID()
    await run('ceph', '-c', conf, 'osd', 'new', osd)
    await run('ceph-osd', '-c', conf, '-i', '0', '--mkfs', '--osd-uuid', osd)
    start('ceph-osd', '-i', '0')
    const keys = {
      accessKeyId: `test${randomBytes(8).toString('hex')}`,
      secretAccessKey: randomBytes(20).toString('hex'),
    }
    const user = ['--uid=test', '--display-name=test', `--access-key=${keys.accessKeyId}`]
    await run('radosgw-admin', '-c', conf, 'user', 'create', ...user, `--secret=${keys.secretAccessKey}`)
    const endpoint = `http://127.0.0.1:${gateway}`
    const startGateway = async () => {
      start('radosgw', '-n', 'client.rgw.a')
      await untilServing(endpoint, join(folder, 'log'))
    }
    await startGateway()
    const killGateway = async () => daemons.pop()?.kill()
    return { endpoint, ...keys, killGateway, startGateway, stop }
  } catch (error) {
    await stop()
    throw error
  }
}

type Run = (program: string, ...args: string[]) => Promise<unknown>

async function makeKeyring(run: Run, keyring: string): Promise<void> {
  await run('ceph-authtool', '-C', keyring, '-n', 'mon.', '--gen-key', '--cap', 'mon', 'allow *')
  for (const name of ['client.admin', 'client.rgw.a', 'osd.0']) {
    const caps = ['mon', 'osd', 'mgr'].flatMap((service) => ['--cap', service, 'allow *'])
    await run('ceph-authtool', keyring, '-n', name, '--gen-key', ...caps)
  }
}

async function untilServing(endpoint: string, logs: string): Promise<void> {
  const giveUp = AbortSignal.timeout(startTimeoutMs)
  while (!giveUp.aborted) {
    const status = await fetch(endpoint, { signal: AbortSignal.timeout(1_000) }).then(
      (response) => response.status,
      () => 0,
    )
    if (status > 0 && status < 500) return
    await delay(100)
  }
  throw new Error(`radosgw did not serve within ${startTimeoutMs / 1000} s; its logs are in ${logs}`)
}

async function refuseMissingPrograms(): Promise<void> {
  const missing: string[] = []
  for (const program of programs) {
    await execute('/bin/sh', ['-c', 'command -v "$1"', 'sh', program]).catch(() => missing.push(program))
  }
  if (missing.length === 0) return
  throw new Error(
    `The S3 tests need a real S3 server, and ${missing.join(', ')} cannot be found: install Debian's packages radosgw, ceph-mon and ceph-osd (apt-get install --no-install-recommends radosgw ceph-mon ceph-osd).`,
  )
}
