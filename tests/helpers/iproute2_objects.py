"""Objects of all kinds, made in the user-mode kernel, and what iproute2 prints of them while its dumps are recorded."""

SETUP = """
for d in all default; do echo 0 >/proc/sys/net/ipv6/conf/$d/accept_dad; done
ip link add d0 address 02:00:00:00:00:03 mtu 1400 numtxqueues 2 type dummy
ip link add d1 address 02:00:00:00:00:04 type dummy
ip link add d2 address 02:00:00:00:00:05 type dummy
ip link add d3 address 02:00:00:00:00:06 type dummy
ip link add d4 address 02:00:00:00:00:07 type dummy
ip link set d0 alias "a dummy" group 7
ip link property add dev d0 altname dummy-zero altname dzero
ip link add left address 02:00:00:00:00:01 type veth peer name right address 02:00:00:00:00:02
ip link add p1 address 02:00:00:00:01:01 type veth peer name q1 address 02:00:00:00:01:02
ip link add br0 address 02:00:00:00:02:00 type bridge vlan_filtering 1 forward_delay 1500 mcast_stats_enabled 1
ip link add br1 address 02:00:00:00:02:01 type bridge
ip link set left master br0
ip link set p1 master br0
ip link set dev left type bridge_slave cost 10 priority 5 hairpin on guard on isolated on
ip link add link right name right.10 type vlan id 10 protocol 802.1ad gvrp on egress-qos-map 1:2 2:5 \
ingress-qos-map 3:4
ip link add link right name right.11 type vlan id 11 reorder_hdr off loose_binding on
ip link add vx0 type vxlan id 42 dev right local 192.0.2.1 remote 192.0.2.2 dstport 4789 ttl 8
ip link add vx1 type vxlan id 43 group 239.1.1.1 dev right dstport 8472 srcport 1000 2000 tos 4 nolearning proxy \
l2miss l3miss
ip link add vx2 type vxlan external dstport 4790 vnifilter
ip link add vx3 type vxlan id 44 remote 2001:db8::2 local 2001:db8::1 ttl inherit df set udp6zerocsumrx gbp ageing \
500 dstport 4791
ip link add gnv0 type geneve id 5 remote 192.0.2.9 ttl 3 dstport 6082
ip link add gnv1 type geneve external
ip link add bond0 address 02:00:00:00:03:00 type bond mode 802.3ad miimon 100 lacp_rate fast
ip link add bond1 address 02:00:00:00:03:01 type bond mode active-backup arp_interval 100 arp_ip_target 192.0.2.7
ip link set d3 master bond0
ip link set d4 master bond1
ip link add vrf0 type vrf table 100
ip link set d2 master vrf0
ip link add link d1 name mv0 address 02:00:00:00:04:00 type macvlan mode bridge
ip link add link d1 name mv1 address 02:00:00:00:04:01 type macvlan mode source
ip link add link d1 name mt0 address 02:00:00:00:04:02 type macvtap mode vepa
ip link set mv1 type macvlan macaddr add 02:00:00:00:05:01
ip link add link d0 name iv0 type ipvlan mode l3 private
ip link add link d0 name iv1 type ipvlan mode l3s vepa
ip link add gre1 type gre local 192.0.2.1 remote 192.0.2.3 ttl 64 key 5
ip link add gretap1 address 02:00:00:00:06:01 type gretap remote 192.0.2.4 nopmtudisc
ip link add erspan1 address 02:00:00:00:06:02 type erspan local 192.0.2.1 remote 192.0.2.5 seq key 7 erspan_ver 1 \
erspan 3
ip link add ipip1 type ipip local 192.0.2.1 remote 192.0.2.6
ip link add ipip2 type ipip external
ip link add sit1 type sit local 192.0.2.1 remote 192.0.2.7 ttl 9 tos inherit
ip link add ip6t type ip6tnl local 2001:db8::1 remote 2001:db8::9 mode ip4ip6
ip link add ip6g type ip6gre local 2001:db8::1 remote 2001:db8::a okey 5 ocsum
ip link add vti1 type vti local 192.0.2.1 remote 192.0.2.8 key 9
ip link add hsr0 type hsr slave1 q1 slave2 d2 supervision 45
ip link add link right macsec0 type macsec sci 1 encrypt on
ip link add team0 address 02:00:00:00:07:01 type team
ip link add ifb0 address 02:00:00:00:07:02 type ifb
for one in left right p1 q1 br0 right.10 right.11 d0 d1 d2 d3 d4 bond0 bond1 vrf0 vx0 gre1 mv0 ipip1; do ip link \
set $one up; done
ip link set mv1 xdp off
ip link set d1 promisc on allmulticast on
ip link set right txqueuelen 500
ip address add 192.0.2.1/24 broadcast 192.0.2.255 dev right label right:one valid_lft 3600 preferred_lft 1800
ip address add 192.0.2.130/32 peer 192.0.2.131/32 dev right noprefixroute
ip address add 192.0.2.13/24 dev right
ip address add 198.18.0.1/24 dev d1 metric 77 proto 9
ip address add 10.1.1.1/32 scope link dev lo
ip address add 2001:db8::1/64 dev right nodad
ip address add 2001:db8:5::1/64 dev d1 home mngtmpaddr noprefixroute
ip address add 2001:db8:6::1 peer 2001:db8:6::2/64 dev d1 valid_lft 3600 preferred_lft 0
ip route add 198.51.100.0/24 via 192.0.2.254 dev right proto static metric 50 mtu 1300
ip route add 198.51.101.0/24 via 192.0.2.254 dev right mtu lock 1300 advmss 1200 rtt 100ms rttvar 5 window 100 cwnd \
9 hoplimit 7 initcwnd 10 initrwnd 11 features ecn quickack 1 congctl cubic rto_min 5ms
ip route add 203.0.113.0/24 nexthop via 192.0.2.253 weight 2 nexthop via 192.0.2.252 dev right weight 3 onlink
ip route add 203.0.114.0/24 nexthop dev d1 nexthop via inet6 2001:db8::fe dev right
ip route add 203.0.115.0/24 via inet6 2001:db8::fe dev right
ip route add unreachable 10.9.0.0/16 table 77
ip route add blackhole 10.8.0.0/16 metric 9
ip route add prohibit 10.7.0.0/16 proto bird
ip route add throw 10.6.0.0/16 table 1000
ip route add 10.5.0.0/16 dev d1 scope link src 198.18.0.1 tos 0x10 realm 3/4
ip route add 10.4.0.0/16 via 198.18.0.9 dev d1 onlink
ip route add default via 192.0.2.254 dev right
ip route add table local local 10.3.0.0/16 dev lo
ip route add 10.2.0.0/16 dev vrf0
ip route add 10.22.0.1 dev vrf0 vrf vrf0
ip route add 10.23.0.1 via 192.0.2.254 ttl-propagate enabled
ip route add 2001:db8:1::/48 via 2001:db8::fe dev right pref high
ip route add 2001:db8:2::/48 nexthop via 2001:db8::fe dev right weight 5 nexthop via 2001:db8::fd dev right
ip route add 2001:db8:3::/48 dev d1 metric 5 expires 500 mtu 1400
ip route add 2001:db8:4::/48 from 2001:db8:5::/64 via 2001:db8::fe dev right
ip route add blackhole 2001:db8:8::/48
ip route add unreachable default metric 4000000 table 50
ip -6 route add unreachable default metric 4000000
ip -6 route add default via 2001:db8::fe dev right
modprobe mpls_router
modprobe mpls_iptunnel
echo 1000 >/proc/sys/net/mpls/platform_labels
echo 1 >/proc/sys/net/mpls/conf/right/input
ip -f mpls route add 100 as 200/300 via inet 192.0.2.254 dev right
ip -f mpls route add 101 via inet6 2001:db8::fe dev right
ip -f mpls route add 102 nexthop as 201 via inet 192.0.2.254 dev right nexthop via inet 192.0.2.253 dev right
ip -f mpls route add 103 dev lo
ip route add 10.10.0.0/16 encap mpls 100/200 via 192.0.2.254 dev right
ip route add 10.11.0.0/16 encap mpls 100 ttl 9 via 192.0.2.254 dev right
ip route add 10.12.0.0/16 encap ip id 5 dst 192.0.2.77 src 192.0.2.1 ttl 5 tos 4 key csum dev vx0
ip route add 10.13.0.0/16 encap ip6 id 6 dst 2001:db8::77 dev vx0
ip route add 10.14.0.0/16 nexthop encap mpls 300 via 192.0.2.254 dev right nexthop encap mpls 400 via 192.0.2.253 \
dev right
ip nexthop add id 5 via 192.0.2.251 dev right
ip nexthop add id 6 via 192.0.2.250 dev right proto static onlink
ip nexthop add id 7 blackhole
ip nexthop add id 8 via 2001:db8::fe dev right
ip nexthop add id 9 dev d1
ip nexthop add id 10 group 5/6,3
ip nexthop add id 11 group 5,2/6 type resilient buckets 4 idle_timer 60 unbalanced_timer 300
ip nexthop add id 12 encap mpls 55 via 192.0.2.251 dev right
ip nexthop add id 13 via 192.0.2.99 fdb
ip nexthop add id 14 via 192.0.2.98 fdb
ip nexthop add id 15 group 13/14 fdb
ip route add 10.15.0.0/16 nhid 5
ip route add 10.16.0.0/16 nhid 10
ip route add 10.17.0.0/16 nhid 7
ip -6 route add 2001:db8:d::/48 nhid 8
ip rule add from 192.0.2.0/24 iif d0 fwmark 0x10/0xff table 77 priority 500
ip rule add to 10.0.0.0/8 oif nosuch tos 0x10 table main priority 501
ip rule add not from 10.0.0.1 ipproto tcp sport 100-200 dport 443 uidrange 0-99 lookup 1000 priority 502
ip rule add blackhole from 10.0.0.2 priority 503
ip rule add prohibit iif d0 priority 504
ip rule add goto 32766 fwmark 7 priority 505
ip rule add from all lookup main suppress_prefixlength 0 suppress_ifgroup 7 priority 506
ip rule add tun_id 77 lookup 5 realms 3/4 protocol static priority 507
ip rule add goto 30000 priority 508
ip rule add nop priority 509
ip -6 rule add from 2001:db8::/32 to 2001:db8:1::1 dport 53 ipproto udp lookup 99 priority 511
ip -6 rule add dscp 10 lookup 99 priority 512
ip neigh add 192.0.2.254 lladdr 02:00:00:00:00:fe dev right nud permanent
ip neigh add 192.0.2.253 lladdr 02:00:00:00:00:fc dev right nud stale protocol static
ip neigh add 192.0.2.252 lladdr 02:00:00:00:00:fb dev right nud reachable extern_learn
ip neigh add 192.0.2.251 dev right nud failed
ip neigh add 2001:db8::fe lladdr 02:00:00:00:00:fd dev right router nud permanent
ip neigh add 192.0.2.250 lladdr 02:00:00:00:00:f0 dev right managed
ip neigh add proxy 192.0.2.77 dev right
ip neigh add proxy 192.0.2.78
ip neigh add proxy 2001:db8::77 dev right router
bridge vlan add dev left vid 20 pvid untagged
bridge vlan add dev left vid 30-35
bridge vlan add dev br0 vid 20 self
bridge fdb add 02:00:00:00:00:99 dev left master static vlan 20
bridge fdb add 02:00:00:00:00:98 dev p1 master static sticky
bridge fdb add 02:00:00:00:00:97 dev p1 master dynamic extern_learn
bridge fdb add 02:00:00:00:00:96 dev p1 self
bridge fdb add 02:00:00:00:00:95 dev vx0 dst 192.0.2.55 port 99 vni 8 via right self
bridge fdb append 00:00:00:00:00:00 dev vx0 dst 192.0.2.56
bridge fdb add 02:00:00:00:00:94 dev vx0 nhid 15
bridge fdb add 02:00:00:00:00:93 dev br0 self permanent
bridge fdb add 02:00:00:00:00:92 dev vx2 dst 192.0.2.57 src_vni 7 vni 8
tc qdisc add dev d0 root handle 1: htb default 20
tc class add dev d0 parent 1: classid 1:1 htb rate 10mbit
tc class add dev d0 parent 1:1 classid 1:20 htb rate 1mbit ceil 2mbit burst 15k prio 3
tc class add dev d0 parent 1:1 classid 1:30 htb rate 1gbit mpu 64 overhead 4 linklayer atm quantum 1500
tc qdisc add dev d0 parent 1:20 handle 20: fq_codel limit 1000 target 4ms interval 90ms ce_threshold 1ms noecn
tc qdisc add dev d0 parent 1:30 handle 30: netem delay 10ms 2ms 25% loss 1% duplicate 2% reorder 3% gap 5 corrupt \
1% rate 1mbit
tc qdisc add dev d1 root handle 2: pfifo_fast
tc qdisc add dev d1 clsact
tc qdisc add dev d2 root handle 3: tbf rate 1mbit burst 32kbit latency 400ms peakrate 2mbit mtu 1540
tc qdisc add dev d2 ingress
tc qdisc add dev d3 root handle 4: prio bands 4 priomap 1 2 2 2 1 2 0 0 1 1 1 1 1 1 1 1
tc qdisc add dev d3 parent 4:1 handle 41: sfq perturb 10
tc qdisc add dev d3 parent 4:2 handle 42: red limit 400000 min 30000 max 90000 avpkt 1000 burst 55 ecn bandwidth \
10mbit probability 0.02
tc qdisc add dev d3 parent 4:3 handle 43: bfifo limit 5000
tc qdisc add dev d3 parent 4:4 handle 44: codel limit 500 target 3ms ecn
tc qdisc add dev d4 root handle 5: fq limit 5000 flow_limit 50 maxrate 1gbit
tc qdisc add dev p1 root handle 6: cake bandwidth 10mbit diffserv4 nat
tc qdisc add dev q1 root handle 7: hfsc default 10
tc class add dev q1 parent 7: classid 7:10 hfsc ls m2 1mbit ul m1 2mbit d 10ms m2 1mbit
tc qdisc add dev right root handle 8: drr
tc class add dev right parent 8: classid 8:1 drr quantum 600
tc qdisc add dev left root handle 9: qfq
tc class add dev left parent 9: classid 9:1 qfq weight 10 maxpkt 2000
tc qdisc add dev br0 root handle a: pie limit 100 target 20ms
tc qdisc add dev br1 root handle b: pfifo limit 7
tc qdisc add dev mv0 root handle c: sfb
tc qdisc add dev bond0 root handle d: choke limit 1000 bandwidth 10mbit
tc qdisc add dev bond1 root handle e: hhf
tc filter add dev d0 parent 1: protocol ip prio 10 flower ip_proto tcp dst_ip 198.51.100.7 dst_port 443 action drop
tc filter add dev d0 parent 1: protocol ip prio 11 u32 match ip dst 10.0.0.0/8 flowid 1:20
tc filter add dev d0 parent 1: protocol all prio 12 matchall classid 1:30
tc filter add dev d0 parent 1: protocol ip prio 13 basic flowid 1:20
tc filter add dev d0 parent 1: protocol ip prio 14 handle 5 fw classid 1:20
tc filter add dev d1 ingress protocol all prio 1 matchall action mirred egress mirror dev d2 action gact pass
tc filter add dev d1 ingress protocol 802.1q prio 2 chain 5 flower vlan_id 7 vlan_prio 3 vlan_ethtype ipv6 src_ip \
2001:db8::/32 skip_hw action vlan pop pipe action goto chain 6
tc filter add dev d1 egress protocol ip prio 3 flower ip_proto udp src_port 1-100 ip_tos 4 ip_ttl 9 src_mac \
02:00:00:00:00:00/ff:00:00:00:00:00 classid 1:1 action police rate 1mbit burst 10k conform-exceed drop/pipe
tc filter add dev d1 egress protocol ip prio 4 flower tcp_flags 0x2/0x12 ip_proto tcp ct_state +trk+est enc_key_id \
7 enc_dst_ip 10.0.0.1 action skbedit priority 5 mark 7 action pedit ex munge ip ttl set 5 action csum ip
tc chain add dev d1 ingress chain 7 protocol ip flower dst_ip 0.0.0.0/0
tc filter add dev d2 ingress protocol arp prio 5 flower arp_op request arp_tip 10.0.0.1 action tunnel_key set id 5 \
src_ip 1.1.1.1 dst_ip 2.2.2.2 dst_port 4789
tc filter add dev d2 ingress protocol ip prio 6 u32 divisor 4
tc filter add dev d2 ingress protocol ip prio 6 u32 ht 801: sample ip tos 0 0 match u32 0x100 0xff00 at 4 match ip \
sport 80 0xffff action drop
tc filter add dev d2 ingress protocol ip prio 7 route from 3 classid 1:1
"""
"""Commands of one shell, each of which must succeed."""

SHOWS = """
ip -j -d link show
ip -j -d address show
ip -j -d -4 route show table all
ip -j -d -6 route show table all
ip -j -d -f mpls route show table all
ip -j -d -4 rule show
ip -j -d -6 rule show
ip -j -d neigh show nud all
ip -j -d neigh show proxy
ip -j -d nexthop show
bridge -j -d fdb show
bridge -j vlan show
bridge -j -d link show
tc -j -d qdisc show dev d0
tc -j -d qdisc show dev d1
tc -j -d qdisc show dev d2
tc -j -d qdisc show dev d3
tc -j -d qdisc show dev d4
tc -j -d qdisc show dev lo
tc -j -d qdisc show dev p1
tc -j -d qdisc show dev right
tc -j -d qdisc show dev left
tc -j -d qdisc show dev br0
tc -j -d qdisc show dev br1
tc -j -d qdisc show dev mv0
tc -j -d qdisc show dev bond0
tc -j -d qdisc show dev bond1
tc -j -d class show dev d0
tc -j -d class show dev d3
tc -j -d class show dev right
tc -j -d filter show dev d0
tc -j -d filter show dev d1 ingress
tc -j -d filter show dev d1 egress
tc -j -d filter show dev d2 ingress
tc -j -d chain show dev d1 ingress
"""
"""Commands that print it. iproute2 6.15 prints no JSON for hfsc, classes of qfq, and filters with ematches."""
