# Filters, actions, chains and nexthops while somebody listens: the kernel's notifications carry all flags of the request, NLM_F_REQUEST too, with the sender's port id; a filter that is asked for comes back the same way.
ip link add d0 address 02:00:00:00:00:01 type dummy
ip addr add 192.0.2.1/24 dev d0
ip link set d0 up
tc qdisc add dev d0 clsact
capture
listen tc monitor
listen ip monitor nexthop
tc filter add dev d0 ingress protocol ip prio 1 matchall action drop
tc filter add dev d0 ingress protocol ip prio 2 flower ip_proto tcp dst_port 80 action pass
tc filter get dev d0 ingress protocol ip prio 2 handle 1 flower
tc filter del dev d0 ingress protocol ip prio 1
tc filter del dev d0 ingress
tc chain add dev d0 ingress protocol ip chain 5 flower ip_proto udp
tc chain get dev d0 ingress chain 5
tc chain del dev d0 ingress chain 5
tc actions add action gact pass index 7
tc actions del action gact index 7
ip nexthop add id 1 via 192.0.2.9 dev d0
ip nexthop replace id 1 via 192.0.2.8 dev d0
ip nexthop del id 1
