# HSR and PRP: the link, its slaves, and the node table of the generic family.
ip link add s1 address 02:00:00:00:00:01 type veth peer name p1
ip link add s2 address 02:00:00:00:00:02 type veth peer name p2
capture
ip link add hsr0 type hsr slave1 s1 slave2 s2 supervision 45 version 1
ip -d link show dev hsr0
ip link del hsr0
ip link add prp0 type hsr slave1 s1 slave2 s2 supervision 46 proto 1
ip -d link show dev prp0
