# Forwarding entries of a bridge and of a VXLAN device, with remote, VNI, flags; shown, asked for, flushed.
ip link add name br0 address 02:00:00:00:00:0b type bridge vlan_filtering 1
ip link add p1 address 02:00:00:00:00:01 master br0 type dummy
ip link add vx0 address 02:00:00:00:00:0c type vxlan id 100 dstport 4789 local 192.0.2.1
ip link set p1 up
ip link set vx0 up
capture
bridge -batch - <<'BRIDGE'
fdb add 02:00:00:00:00:99 dev p1 master static vlan 1
fdb append 00:00:00:00:00:00 dev vx0 dst 192.0.2.2
fdb append 00:00:00:00:00:00 dev vx0 dst 192.0.2.3 port 8472 vni 500 via br0
fdb add 02:00:00:00:00:97 dev vx0 dst 192.0.2.4 self permanent
BRIDGE
bridge -s fdb show br br0 brport p1
bridge -batch - <<'BRIDGE'
fdb show dev vx0
fdb get 02:00:00:00:00:99 br br0 vlan 1
fdb replace 02:00:00:00:00:97 dev vx0 dst 192.0.2.5 self permanent
fdb del 02:00:00:00:00:99 dev p1 master vlan 1
fdb flush dev br0
BRIDGE
