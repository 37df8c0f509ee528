/**
 * The configuration file of the embedded ClickHouse server.
 * Invariant: a request is served only when it carries the store's own password. The library's local session needs a
 * user `default` without a password, so the HTTP side has no rule that would let that user in: without this, any web
 * page open in a browser on this machine could post queries to the server, and queries can read files.
 */
import { join } from 'node:path'

export const CLICKHOUSE_USER = 'lensai'

export interface ClickHouseConfig {
  dataDir: string
  password: string
  memoryBytesMax: number
}

export function clickHouseConfigXml({ dataDir, password, memoryBytesMax }: ClickHouseConfig): string {
  const authorization = `Basic ${Buffer.from(`${CLICKHOUSE_USER}:${password}`).toString('base64')}`
  return `<clickhouse>
  <path>${xmlText(join(dataDir, 'data'))}</path>
  <users_config>${xmlText(join(dataDir, 'users.xml'))}</users_config>
  <listen_host>127.0.0.1</listen_host>
  <logger><level>none</level></logger>
  <send_crash_reports><enabled>false</enabled></send_crash_reports>
  <shutdown_wait_unfinished>0</shutdown_wait_unfinished>
  <max_server_memory_usage>${memoryBytesMax}</max_server_memory_usage>
  <mark_cache_size>67108864</mark_cache_size>
  <primary_index_cache_size>67108864</primary_index_cache_size>
  <mmap_cache_size>0</mmap_cache_size>
  <uncompressed_cache_size>0</uncompressed_cache_size>
  <http_handlers>
    <rule>
      <url>/ping</url><methods>GET</methods>
      <handler><type>ping</type></handler>
    </rule>
    <rule>
      <headers><Authorization>${xmlText(authorization)}</Authorization></headers>
      <handler><type>dynamic_query_handler</type><query_param_name>query</query_param_name></handler>
    </rule>
  </http_handlers>
</clickhouse>
`
}

/** `default` may do just what the start-up queries need; everything else belongs to the store's own user. */
export function clickHouseUsersXml(password: string): string {
  return `<clickhouse>
  <profiles><default/></profiles>
  <quotas><default/></quotas>
  <users>
    <default>
      <password></password>
      <networks><ip>127.0.0.1</ip><ip>::1</ip></networks>
      <profile>default</profile><quota>default</quota>
      <grants>
        <query>GRANT SYSTEM LISTEN ON *.*</query>
        <query>GRANT CREATE TEMPORARY TABLE ON *.*</query>
        <query>GRANT READ ON FILE</query>
      </grants>
    </default>
    <${CLICKHOUSE_USER}>
      <password>${xmlText(password)}</password>
      <networks><ip>127.0.0.1</ip></networks>
      <profile>default</profile><quota>default</quota>
      <access_management>1</access_management>
    </${CLICKHOUSE_USER}>
  </users>
</clickhouse>
`
}

function xmlText(value: string): string {
  return value.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
