# Multicast database of a bridge: groups, sources, filter modes, router ports; a VXLAN device's own; a listener is told.
ip link add name br0 address 02:00:00:00:00:0b type bridge mcast_snooping 1 mcast_igmp_version 3 mcast_mld_version 2
ip link add p1 address 02:00:00:00:00:01 master br0 type dummy
ip link set p1 up
ip link set br0 up
ip link add vx0 address 02:00:00:00:00:0c type vxlan id 100 dstport 4789 local 192.0.2.1
capture
listen bridge monitor mdb
bridge -batch - <<'BRIDGE'
mdb add dev br0 port p1 grp 239.1.1.1 permanent
mdb add dev br0 port p1 grp 239.1.1.2 temp filter_mode include source_list 192.0.2.1,192.0.2.2 proto static
mdb add dev br0 port p1 grp ff0e::1 src 2001:db8::1 temp
mdb add dev br0 port br0 grp 239.1.1.3 temp
mdb add dev br0 port p1 grp 01:00:5e:7f:00:01 permanent
link set dev p1 mcast_router 2
mdb add dev vx0 port vx0 grp 239.1.1.1 permanent dst 198.51.100.1 dst_port 1111 src_vni 2222 vni 3333
BRIDGE
bridge -d -s mdb show dev br0
bridge -d mdb show dev vx0
bridge -batch - <<'BRIDGE'
mdb get dev br0 grp 239.1.1.2
mdb del dev br0 port p1 grp 239.1.1.1
mdb flush dev br0 port p1
BRIDGE
fails bridge mdb add dev br0 port p1 grp 10.0.0.1 permanent
