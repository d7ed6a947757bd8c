# Per-device network configuration, and notifications of its change.
ip link add d0 address 02:00:00:00:00:01 type dummy
capture
listen ip monitor netconf
ip netconf show
ip -4 netconf show dev d0
ip -6 netconf show dev d0
echo 1 > /proc/sys/net/ipv4/conf/d0/forwarding
echo 1 > /proc/sys/net/ipv6/conf/d0/forwarding
echo 2 > /proc/sys/net/ipv4/conf/d0/rp_filter
told "forwarding on"
