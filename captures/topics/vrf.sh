# A VRF, a slave in it, and what the slave says of its table.
ip link add d0 address 02:00:00:00:00:01 type dummy
capture
ip link add blue address 02:00:00:00:00:02 type vrf table 1001
ip link set d0 master blue
ip link set blue up
ip -d link show dev blue
ip -d link show dev d0
ip vrf show
ip link set d0 nomaster
ip link del blue
