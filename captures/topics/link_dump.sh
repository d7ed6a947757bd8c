# Everything of every link of a namespace with a bridge, a bond, a VLAN, a veth pair and a dummy.
modprobe bonding max_bonds=0
ip link add br0 address 02:00:00:00:00:0b type bridge
ip link add d0 address 02:00:00:00:00:01 type dummy
ip link add link d0 name v10 type vlan id 10
ip link add left address 02:00:00:00:00:02 type veth peer name right address 02:00:00:00:00:03
ip link set left master br0
ip link set left up
capture
ip -d link show
ip -br link show
ip -d -6 link show dev lo
