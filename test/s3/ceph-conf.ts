/** The smallest Ceph that serves S3: one monitor, one store in memory, one gateway, on loopback only. */
export interface CephPorts {
  monitor: number
  gateway: number
}

export function cephConf({
  folder,
  fsid,
  ports,
}: {
  folder: string
  fsid: string
  ports: CephPorts
}): string {
  return `[global]
fsid = ${fsid}
mon_host = v2:127.0.0.1:${ports.monitor}
public_addr = 127.0.0.1
ms_bind_ipv6 = false
keyring = ${folder}/keyring
run_dir = ${folder}/run
admin_socket = ${folder}/run/$name.asok
log_file = ${folder}/log/$name.log
crash_dir = ${folder}/crash
mon_cluster_log_file = ${folder}/log/cluster.log
osd_pool_default_size = 1
osd_pool_default_min_size = 1
osd_pool_default_pg_num = 4
osd_pool_default_pgp_num = 4
osd_crush_chooseleaf_type = 0
mon_allow_pool_size_one = true
mon_warn_on_pool_no_redundancy = false
mon_max_pg_per_osd = 1000
[mon.a]
mon_data = ${folder}/mon
mon_addr = v2:127.0.0.1:${ports.monitor}
[osd.0]
osd_data = ${folder}/osd
osd_objectstore = memstore
memstore_device_bytes = 4294967296
[client.rgw.a]
rgw_frontends = beast endpoint=127.0.0.1:${ports.gateway}
rgw_dns_name = localhost
# A day of a lifecycle rule passes in ten seconds, so that tests can see objects expire.
rgw_lc_debug_interval = 10
`
}
