# A bridge with its options, two ports with theirs, and the AF_BRIDGE dump of bridge(8).
ip link add p1 address 02:00:00:00:00:01 type dummy
ip link add p2 address 02:00:00:00:00:02 type dummy
capture
ip link add name br0 type bridge vlan_filtering 1 vlan_default_pvid 5 stp_state 1 forward_delay 400 hello_time 300 max_age 900 priority 4096 ageing_time 20000 mcast_snooping 1 mcast_querier 1 vlan_stats_enabled 1 group_fwd_mask 8
ip link set p1 master br0
ip link set p2 master br0
bridge link set dev p1 cost 50 priority 12 learning off flood off guard on hairpin on isolated on neigh_suppress on fastleave on
bridge link set dev p2 mcast_max_groups 100 backup_port p1 locked on
bridge -d link show dev p1
ip -d link show dev br0
ip -d link show dev p1
ip link set br0 type bridge ageing_time 30000 nf_call_iptables 0 fdb_max_learned 1000
ip stats show dev br0 group xstats subgroup bridge
bridge link
ip link set p2 nomaster
