/** What processes cost, as Linux counts it in /proc: processor time, and memory at its highest. */
import { readFile } from 'node:fs/promises'
import { processTree } from '../../test/stores/process-state.ts'
import type { Server } from './stage.ts'

/** The kernel's unit of processor time in /proc, on every platform that Node runs on. */
const TICKS_PER_S = 100
const MIB = 1024 ** 2

export interface ServerCost {
  readonly cpuS: number
  /** Resident, in MiB; for Postgres each shared page once, as its processes share most of theirs. */
  readonly rssMb: number
}

export type Costs = Readonly<Record<Server, ServerCost>>

export async function readCosts(pids: Readonly<Record<Server, number>>): Promise<Costs> {
  const [ingest, postgres, clickhouse] = await Promise.all([
    readCost(pids.ingest, residentBytes),
    readCost(pids.Postgres, proportionalBytes),
    readCost(pids.ClickHouse, residentBytes),
  ])
  return { ingest, Postgres: postgres, ClickHouse: clickhouse }
}

/** Of the process and all below it, those that have ended included. */
async function readCost(root: number, bytesOf: (pid: number) => Promise<number>): Promise<ServerCost> {
  const tree = await processTree(root)
  const each = await Promise.all(
    tree.map(async (pid) => ({ ticks: await ticksOf(pid), bytes: await bytesOf(pid) })),
  )
  return {
    cpuS: each.reduce((sum, { ticks }) => sum + ticks, 0) / TICKS_PER_S,
    rssMb: each.reduce((sum, { bytes }) => sum + bytes, 0) / MIB,
  }
}

/** utime, stime, and both of the children that were waited for. */
async function ticksOf(pid: number): Promise<number> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => '')
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks), 0)
}

const residentBytes = (pid: number) => kilobytes(`/proc/${pid}/status`, /^VmRSS:\s+(\d+) kB$/m)

const proportionalBytes = (pid: number) => kilobytes(`/proc/${pid}/smaps_rollup`, /^Pss:\s+(\d+) kB$/m)

async function kilobytes(file: string, line: RegExp): Promise<number> {
  const text = await readFile(file, 'utf8').catch(() => '')
  return Number(line.exec(text)?.[1] ?? 0) * 1024
}
