# MPLS routes: pop, swap, push, multipath; the device's input switch.
modprobe mpls_router
ip link add d0 address 02:00:00:00:00:01 type dummy
ip link set d0 up
ip address add 192.0.2.1/24 dev d0
echo 1000 > /proc/sys/net/mpls/platform_labels
capture
listen ip monitor mroute netconf route
echo 1 > /proc/sys/net/mpls/conf/d0/input
ip -f mpls route add 100 as 200/300 via inet 192.0.2.2 dev d0
ip -f mpls route add 101 via inet 192.0.2.2 dev d0
ip -f mpls route add 102 dev lo
ip -f mpls route add 103 nexthop as 400 via inet 192.0.2.2 dev d0 nexthop as 500 via inet 192.0.2.3 dev d0
ip -f mpls route show
ip -f mpls route get 100
ip -f mpls netconf show dev d0
ip -f mpls route del 100
