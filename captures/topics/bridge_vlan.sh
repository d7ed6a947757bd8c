# VLAN filtering of a bridge: entries and ranges on ports, their state and statistics, the bridge's own, global options.
ip link add name br0 address 02:00:00:00:00:0b type bridge vlan_filtering 1 vlan_stats_enabled 1
ip link add p1 address 02:00:00:00:00:01 master br0 type dummy
capture
listen bridge monitor vlan
bridge -batch - <<'BRIDGE'
vlan add dev p1 vid 10 pvid untagged
vlan add dev p1 vid 20-25
vlan add dev br0 vid 10 self
vlan show
vlan set dev p1 vid 20 state blocking
BRIDGE
bridge -d vlan show dev p1
bridge -s vlan show dev p1
bridge -batch - <<'BRIDGE'
vlan global set dev br0 vid 10 mcast_snooping 1 mcast_igmp_version 3
vlan global show dev br0 vid 10
vlan del dev p1 vid 20-25
BRIDGE
