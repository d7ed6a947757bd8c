# More kinds: geneve, ifb, gtp, ip6gretap, ip6erspan, vti6, and a dummy with many settings; one refused.
modprobe ip6_gre; modprobe ip6_vti; modprobe gtp
ip link add d0 address 02:00:00:00:00:01 type dummy
capture
ip link add gen1 address 02:00:00:00:00:11 type geneve id 100 remote 192.0.2.2 dstport 6081 ttl inherit tos 4 df set noudpcsum
ip link add gen2 address 02:00:00:00:00:12 type geneve external dstport 6082 udp6zerocsumtx innerprotoinherit
ip link add ifb9 address 02:00:00:00:00:13 type ifb
ip link add gt6 address 02:00:00:00:00:14 type ip6gretap local 2001:db8::1 remote 2001:db8::2 key 9 hoplimit 5
ip link add er6 address 02:00:00:00:00:15 type ip6erspan seq key 102 local 2001:db8::1 remote 2001:db8::3 erspan_ver 1 erspan 123
ip link add vti6 type vti6 local 2001:db8::1 remote 2001:db8::4 key 6
ip link add gtp0 type gtp role sgsn restart_count 5
ip link set dev d0 mtu 1400 txqueuelen 77 group 5 alias "a dummy" allmulticast on multicast off arp off gso_max_size 60000 gso_max_segs 100 gro_max_size 50000 addrgenmode none
ip link set dev d0 carrier off
fails ip link set dev d0 protodown on
ip -d link show type geneve
ip -d link show type ip6gretap
ip -d link show type ip6erspan
ip -d link show type vti6
ip -d link show dev gtp0
ip -d link show dev d0
