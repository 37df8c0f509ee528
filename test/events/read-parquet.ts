/** An archive file, read by a reader that shares no code with its writer but the format. */
import { type AsyncBuffer, parquetReadObjects } from 'hyparquet'
import { compressors } from 'hyparquet-compressors'

export async function readParquetRows(
  file: Uint8Array | AsyncBuffer,
  columns?: string[],
): Promise<Record<string, unknown>[]> {
  // The bytes may be a part of a larger buffer.
  const source = file instanceof Uint8Array ? Uint8Array.from(file).buffer : file
  return await parquetReadObjects({ file: source, compressors, ...(columns && { columns }) })
}
