# IPv4 and IPv6 routes: metrics and locks, multipath, blackhole and kin, tables, onlink, via inet6; asked for, replaced, deleted; a listener is told.
ip link add d0 address 02:00:00:00:00:01 type dummy
ip link add d1 address 02:00:00:00:00:02 type dummy
ip link set d0 up
ip link set d1 up
ip address add 192.0.2.1/24 dev d0
ip address add 2001:db8::1/64 dev d0 nodad
ip address add 198.51.100.1/24 dev d1
capture
listen ip monitor route
ip route add 10.0.0.0/8 via 192.0.2.254 dev d0 proto static
ip route add 10.1.0.0/16 dev d0 scope link src 192.0.2.1 metric 50 realm 5
ip route add 10.2.0.0/16 via 192.0.2.254 mtu lock 1400 advmss 1360 initcwnd 20 rtt 30ms window 65535 features ecn congctl cubic quickack 1
ip route add 10.3.0.0/16 nexthop via 192.0.2.253 weight 3 nexthop via 198.51.100.253 dev d1 weight 10 onlink
ip route add blackhole 10.4.0.0/16
ip route add unreachable 10.5.0.0/16 metric 4278198272
ip route add prohibit 10.6.0.0/16
ip route add throw 10.7.0.0/16 table 100
ip route add default via 192.0.2.254 table 1000 tos 0x10
ip route add 10.8.0.0/16 via inet6 2001:db8::fe dev d0
ip route add 203.0.113.7 via 203.0.113.1 dev d1 onlink
ip route add 2001:db8:1::/48 via 2001:db8::fe pref high expires 600
ip route add 2001:db8:2::/48 nexthop via 2001:db8::fd weight 2 nexthop via 2001:db8::fe
ip -6 route add unreachable 2001:db8:3::/48
ip route get 10.3.1.2
ip route get 10.1.2.3 from 192.0.2.1 fibmatch
ip route get 2001:db8:2::9 mark 7 ipproto udp dport 53
ip route show
ip route show table 1000
ip -6 route show dev d0
ip route replace 10.0.0.0/8 via 192.0.2.253 dev d0
ip route append 10.0.0.0/8 via 192.0.2.252 dev d0
ip route del 10.3.0.0/16
fails ip route del 10.3.0.0/16
fails ip route get 10.5.0.1
ip route flush proto static
told "Deleted 10.3"
