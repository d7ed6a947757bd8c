# A veth pair: the peer is a whole ifinfomsg with attributes inside VETH_INFO_PEER.
capture
ip link add name left mtu 1400 address 02:00:00:00:00:01 numtxqueues 2 type veth peer name right mtu 1300 address 02:00:00:00:00:02 numrxqueues 3
ip -d link show dev left
ip -d link show dev right
ip link set dev right alias "the far end" group 7 txqueuelen 50
ip link show dev right
ip link del left
