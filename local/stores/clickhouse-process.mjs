/**
 * The ClickHouse server process: loads ClickHouse's library and runs it until this process's stdin closes, so the
 * server ends when its parent does, SIGKILL included.
 * Usage: node clickhouse-process.mjs LIBRARY [clickhouse-local arguments...]
 * Plain JavaScript, because a loader for TypeScript would double this process's start-up time.
 */
import { DataType, isNullPointer, load, open } from 'ffi-rs'

const [library, ...args] = process.argv.slice(2)
const argv = ['clickhouse', ...args]
open({ library: 'chdb', path: library })
const result = load({
  library: 'chdb',
  funcName: 'chdb_query_cmdline',
  retType: DataType.External,
  paramsType: [DataType.I32, DataType.StringArray],
  paramsValue: [argv.length, argv],
})

/** @param {number} retType */
const readError = (retType) =>
  load({
    library: 'chdb',
    funcName: 'chdb_result_error',
    retType,
    paramsType: [DataType.External],
    paramsValue: [result],
  })
if (!isNullPointer(readError(DataType.External))) {
  process.stderr.write(`${readError(DataType.String)}\n`)
  process.exitCode = 1
}
