# A bridge with its options, two ports with theirs, VLAN filtering, and the AF_BRIDGE dumps of bridge(8).
ip link add p1 address 02:00:00:00:00:01 type dummy
ip link add p2 address 02:00:00:00:00:02 type dummy
ip link set p1 up
capture
ip link add name br0 type bridge vlan_filtering 1 vlan_default_pvid 5 stp_state 1 forward_delay 400 hello_time 300 max_age 900 priority 4096 ageing_time 20000 mcast_snooping 1 mcast_querier 1 vlan_stats_enabled 1 group_fwd_mask 8
ip link set p1 master br0
ip link set p2 master br0
ip link set br0 up
bridge link set dev p1 cost 50 priority 12 learning off flood off guard on hairpin on isolated on neigh_suppress on fastleave on
bridge vlan add dev p1 vid 10 pvid untagged
bridge vlan add dev p1 vid 20-25
bridge vlan add dev br0 vid 10 self
bridge vlan show
bridge -d link show
bridge -s vlan show dev p1
bridge fdb add 02:00:00:00:00:99 dev p1 master static vlan 10
bridge fdb show br br0
ip -d link show dev br0
ip -d link show dev p1
ip link set br0 type bridge ageing_time 30000 nf_call_iptables 0
ip link set br0 type bridge stp_state 0
bridge vlan set dev p1 vid 20 state blocking
bridge -d vlan show dev p1
bridge vlan global set dev br0 vid 10 mcast_snooping 1
bridge vlan global show dev br0
bridge vlan del dev p1 vid 20-25
ip link set p2 nomaster
