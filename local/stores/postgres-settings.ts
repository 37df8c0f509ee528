/** The settings of the embedded Postgres, as arguments of its command line. */

/** Fit for a small machine: little memory, few processes; commits still wait for the disk. */
export function postgresSettings(port: number, durable: boolean): string[] {
  const chosen: Record<string, string | number> = {
    listen_addresses: '127.0.0.1',
    port,
    unix_socket_directories: '',
    max_connections: 200,
    shared_buffers: '64MB',
    max_wal_size: '512MB',
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
