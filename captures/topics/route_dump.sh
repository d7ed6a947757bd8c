# Every table's routes of both families, with a kernel-side filter and without.
ip link add d0 address 02:00:00:00:00:01 type dummy
ip link set d0 up
ip address add 192.0.2.1/24 dev d0
ip address add 2001:db8::1/64 dev d0 nodad
ip route add 10.0.0.0/8 via 192.0.2.254
ip route add 10.1.0.0/16 via 192.0.2.254 table 100
capture
ip -d route show table all
ip -4 route show table 100
ip -6 route show type multicast
ip route show dev d0
ip route show cache
