# VLAN links: 802.1Q and 802.1ad, flags, both QoS maps, and how they are shown.
ip link add d0 address 02:00:00:00:00:01 type dummy
capture
ip link add link d0 name v10 type vlan id 10 protocol 802.1ad reorder_hdr off gvrp on egress-qos-map 1:2 4:5 ingress-qos-map 3:4
ip link add link d0 name v20 type vlan id 20 loose_binding on
ip -d link show dev v10
ip link set dev v20 type vlan egress-qos-map 0:7
ip -d link show type vlan
ip link del v10
