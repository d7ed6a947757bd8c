# Classifiers and their actions: u32 with police, flower, matchall with mirred, basic with ematches, fw, route, chains, shared blocks; shown, refused, deleted.
ip link add d0 address 02:00:00:00:00:01 type dummy
ip link add d1 address 02:00:00:00:00:02 type dummy
ip link set d0 up
ip link set d1 up
capture
tc -batch - <<'TC'
qdisc add dev d0 clsact
filter add dev d0 ingress protocol ip prio 10 u32 match ip src 10.0.0.0/8 match ip dport 53 0xffff match u8 0x40 0xf0 at 0 police rate 1mbit burst 10k mtu 2000 conform-exceed drop/pipe flowid 1:1
filter add dev d0 egress protocol ip prio 11 u32 ht 800: order 5 match mark 1 0xff action ok
filter add dev d0 ingress protocol ip prio 20 flower src_mac 02:00:00:00:00:09 dst_mac 02:00:00:00:00:0a/ff:ff:ff:00:00:00 ip_proto tcp src_ip 192.0.2.0/24 dst_port 80-90 tcp_flags 0x2/0x17 ip_tos 4 ip_ttl 64 skip_hw classid 1:2 action drop
filter add dev d0 ingress protocol 802.1Q prio 21 flower vlan_id 100 vlan_prio 3 vlan_ethtype ipv6 dst_ip 2001:db8::/32 action vlan pop pipe action mirred egress redirect dev d1
filter add dev d0 ingress protocol ip prio 22 flower enc_key_id 100 enc_src_ip 192.0.2.1 enc_dst_ip 192.0.2.2 enc_dst_port 4789 ct_state +trk+est action goto chain 5
filter add dev d0 ingress protocol arp prio 23 flower arp_op request arp_tip 192.0.2.0/24 action gact pass random determ drop 5
filter add dev d0 ingress chain 5 protocol all prio 30 matchall action skbedit priority 1:5 mark 7 ptype host pipe action mirred egress mirror dev d1 pipe action continue
filter add dev d0 egress protocol ip prio 40 basic match 'meta(nf_mark eq 5) and not cmp(u16 at 2 layer transport eq 80) or u32(u32 0x0a000000 0xff000000 at 12)' action ok
filter add dev d0 egress protocol all prio 41 handle 0x10/0xff fw classid 1:3 action drop
filter add dev d0 egress protocol ip prio 42 handle 1 flow hash keys src,dst,proto divisor 16 perturb 10 baseclass 1:1
filter add dev d0 egress protocol ip prio 43 matchall action pedit ex munge eth dst set 02:00:00:00:00:0f munge ip ttl add 0xff munge tcp dport set 8080 pipe action csum ip4h tcp pipe action nat egress 10.0.0.0/8 192.0.2.1
TC
tc -s filter show dev d0 ingress
tc -s -d filter show dev d0 egress
tc -batch - <<'TC'
chain show dev d0 ingress
filter get dev d0 ingress protocol ip prio 20 handle 1 flower
TC
fails tc filter del dev d0 ingress protocol ip prio 99 flower
fails tc filter add dev d0 ingress protocol ip prio 20 u32 match ip src 1.2.3.4
tc -batch - <<'TC'
filter del dev d0 ingress protocol ip prio 10 u32
filter del dev d0 egress
qdisc add dev d1 ingress_block 7 clsact
filter add block 7 protocol ip prio 1 flower ip_proto udp action drop
filter show block 7
TC
