# Commands of ip, tc, ethtool and nft that the kernel refuses, and says which attribute is to blame.
ip link add d0 address 02:00:00:00:00:01 type dummy
ip link add v0 type veth peer name v1
ip link set d0 up
ip address add 192.0.2.1/24 dev d0
ip link add br0 type bridge
tc qdisc add dev d0 clsact
nft add table bridge t
nft add chain bridge t c
capture
fails ip link add bond0 type bond mode active-backup lacp_rate fast
fails ip link add link d0 name m0 type macvlan mode source macaddr add 01:00:5e:00:00:01
fails ip rule add dscp 63 table 4294967295 uidrange 5-3
fails ip nexthop add id 1 group 77
fails ip route add 192.0.2.128/25 nhid 99
fails ip route add 10.0.0.0/8 dev d0 congctl nosuch
fails ip link add vx0 type vxlan id 1 dstport 0 ttl inherit local 192.0.2.1 remote 224.0.0.1
fails ip link set d0 netns 4194303
fails ip link add g0 type geneve id 1 remote 224.0.0.1
fails bridge vlan add dev d0 vid 10
fails bridge fdb add 02:00:00:00:00:09 dev d0 vid 4095
fails tc qdisc add dev d0 root nosuch
fails tc qdisc add dev d0 root cake bandwidth 1mbit overhead 1000
fails tc filter add dev d0 ingress protocol ip flower ct_state +rpl
fails tc filter add dev d0 ingress protocol ip flower src_port 10-5 ip_proto tcp
fails tc filter add dev d0 ingress protocol ip chain 4294967295 flower
fails tc qdisc add dev d0 root taprio num_tc 99 map 0 queues 1@0 base-time 0 sched-entry S 01 300000 clockid CLOCK_TAI
fails ethtool -L v0 rx 99 tx 1
fails ethtool --set-eee d0 eee on
fails ethtool -s nosuch autoneg off
fails ethtool -G v0 rx 100
fails ethtool --show-module nosuch
fails nft add rule bridge nosuch c accept
fails nft add rule bridge t nosuch accept
fails nft add rule bridge t c jump nosuch
fails nft delete set bridge t nosuch
fails nft add element bridge t nosuch '{ 1 }'
fails nft add chain bridge t e '{ type filter hook input priority 0 ; device "d0" ; }'
fails nft delete table bridge nosuch
nft add rule bridge t c counter accept
