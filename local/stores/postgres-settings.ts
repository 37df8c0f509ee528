/** The settings of the embedded Postgres, as arguments of its command line. */

/**
 * Fit for a small machine: few processes; commits still wait for the disk. The memory holds the indexes that events are
 * admitted by, of some millions of calls: with less each admission cost half as much again.
 */
export function postgresSettings(port: number, durable: boolean): string[] {
  const chosen: Record<string, string | number> = {
    listen_addresses: '127.0.0.1',
    port,
    unix_socket_directories: '',
    max_connections: 200,
    shared_buffers: '256MB',
    max_wal_size: '2GB',
    wal_level: 'minimal',
    max_wal_senders: 0,
    io_method: 'sync',
    jit: 'off',
    log_min_messages: 'warning',
    // A client's failing statement is the client's to report; with its values it has no place in a log.
    log_min_error_statement: 'panic',
    log_checkpoints: 'off',
    timezone: 'UTC',
    ...(durable ? {} : { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off' }),
  }
  return Object.entries(chosen).flatMap(([name, value]) => ['-c', `${name}=${value}`])
}
