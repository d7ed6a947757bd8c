# Statistics of links by RTM_GETSTATS: 64-bit counters, AF-specific ones, offload and extended groups of a bridge.
modprobe mpls_router
ip link add d0 address 02:00:00:00:00:01 type dummy
ip link add br0 type bridge vlan_filtering 1 vlan_stats_enabled 1 mcast_stats_enabled 1
ip link set d0 master br0
ip link set d0 up
ip link set br0 up
capture
ip stats show dev d0
ip stats show group link
ip stats show dev br0 group xstats
ip stats show dev d0 group xstats_slave
ip stats show dev d0 group offload
ip stats show group afstats
