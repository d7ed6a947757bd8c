# Routes with lightweight tunnels: ip, ip6, mpls, ila and bpf encapsulation; RTA_ENCAP stands before RTA_ENCAP_TYPE.
modprobe mpls_iptunnel; modprobe ila
ip link add d0 address 02:00:00:00:00:01 type dummy
ip link set d0 up
ip address add 192.0.2.1/24 dev d0
ip address add 2001:db8::1/64 dev d0 nodad
ip link add vx0 type vxlan external dstport 4789
ip link set vx0 up
capture
ip route add 10.1.0.0/16 encap ip id 100 dst 192.0.2.2 src 192.0.2.1 tos 4 ttl 32 key csum dev vx0
ip route add 10.2.0.0/16 encap ip6 id 200 dst 2001:db8::2 hoplimit 60 dev vx0
ip route add 10.3.0.0/16 encap ip id 300 dst 192.0.2.3 vxlan_opts 4386 dev vx0
ip route add 10.4.0.0/16 encap ip id 400 dst 192.0.2.4 geneve_opts 0:1:deadbeef dev vx0
ip route add 10.5.0.0/16 encap mpls 100/200 ttl 5 via 192.0.2.254 dev d0
ip route add 10.6.0.0/16 nexthop encap mpls 300 via 192.0.2.253 nexthop encap mpls 400 via 192.0.2.254
ip route add 2001:db8:7:0:2000::1/128 encap ila 1:2:3:4 csum-mode adj-transport ident-type luid hook-type output via 2001:db8::9 dev d0
ip route show
ip -6 route show 2001:db8:7:0:2000::1
