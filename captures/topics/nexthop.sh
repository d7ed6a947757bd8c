# Nexthop objects: gateway, group with weights, resilient group and its buckets, blackhole, fdb, encap; a route that uses one; a listener is told.
modprobe mpls_iptunnel
ip link add d0 address 02:00:00:00:00:01 type dummy
ip link set d0 up
ip address add 192.0.2.1/24 dev d0
ip address add 2001:db8::1/64 dev d0 nodad
capture
listen ip monitor nexthop
ip nexthop add id 1 via 192.0.2.2 dev d0
ip nexthop add id 2 via 192.0.2.3 dev d0 onlink protocol static
ip nexthop add id 3 via 2001:db8::2 dev d0
ip nexthop add id 4 blackhole
ip nexthop add id 5 encap mpls 100/200 via 192.0.2.4 dev d0
ip nexthop add id 6 via 192.0.2.6 fdb
ip nexthop add id 10 group 1,3/2,5
ip nexthop add id 11 group 1/2 type resilient buckets 8 idle_timer 60 unbalanced_timer 300
ip nexthop add id 12 group 6 fdb
ip route add 10.0.0.0/8 nhid 10
ip nexthop show
ip -s -d nexthop show id 10
ip nexthop get id 11
ip nexthop bucket show id 11
ip nexthop bucket get id 11 index 3
ip nexthop replace id 10 group 1/2,5
ip route show
ip nexthop del id 3
ip nexthop flush proto 4
fails ip nexthop get id 99
told "Deleted id 3"
