# VXLAN links: multicast, IPv6 remote with flags, and an external (metadata) one.
ip link add d0 address 02:00:00:00:00:01 type dummy
ip link set d0 up
capture
ip link add vx1 type vxlan id 100 group 239.1.1.1 dev d0 dstport 4789 ttl 16 tos 4 srcport 32768 61000 ageing 600 maxaddress 1000
ip link add vx2 type vxlan id 16777215 local 2001:db8::1 remote 2001:db8::2 dstport 8472 nolearning proxy rsc l2miss l3miss udp6zerocsumtx gbp flowlabel 0x12345 df set
ip link add vx3 type vxlan external vnifilter dstport 4790
ip -d link show dev vx1
ip -d link show dev vx2
ip -d link show dev vx3
bridge vni add dev vx3 vni 500-510 remote 192.0.2.9
bridge vni show
ip link set vx1 type vxlan id 100 ageing 300
