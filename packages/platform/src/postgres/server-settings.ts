/**
 * Eight services with pools of five, the command, and in tests a few such fleets beside each other.
 */
const max_connections = 300;

/** The settings of a server of our own; with `no_sync` one that may lose everything with the machine. */
export const serverSettings = (port: number, no_sync: boolean): Record<string, string> => ({
  listen_addresses: '127.0.0.1',
  port: String(port),
  unix_socket_directories: '',
  max_connections: String(max_connections),
  timezone: 'UTC',
  log_timezone: 'UTC',
  ...(no_sync
    ? {
        fsync: 'off',
        synchronous_commit: 'off',
        full_page_writes: 'off',
        wal_level: 'minimal',
        max_wal_senders: '0',
        max_wal_size: '128MB',
      }
    : {}),
});
