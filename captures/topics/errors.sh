# Requests the kernel refuses, as iproute2 sends them: its sentence, the offending byte, an error without either, a warning with success.
ip link add d0 address 02:00:00:00:00:01 type dummy
ip link set d0 up
ip address add 192.0.2.1/24 dev d0
ip link add br0 type bridge
modprobe sch_htb
capture
fails ip link add link d0 name v5000 type vlan id 5000
ip link add link d0 name v10 type vlan id 10
fails ip link add link d0 name again type vlan id 10
fails ip link add name d0 type dummy
fails ip link add name x0 type nosuchkind
fails ip link set dev br0 mtu 70000
fails ip link set dev nosuch up
fails ip link set dev d0 master lo
fails ip link set dev br0 type bridge vlan_default_pvid 5000
fails ip link set dev d0 type bridge_slave cost 5
fails ip address add 192.0.2.1/24 dev d0
fails ip route add 10.0.0.1/8 dev d0
fails ip route add 10.0.0.0/8 via 203.0.113.1
fails ip route add 2001:db8::/32 via 2001:db8::1 dev lo metric 5 mtu lock 1
fails ip route del 10.9.9.0/24
fails ip route get 203.0.113.9
fails ip rule del priority 999
fails bridge vlan add dev d0 vid 10
tc qdisc add dev d0 root handle 1: htb default 5
fails tc qdisc add dev d0 root handle 1: htb default 5
tc class add dev d0 parent 1: classid 1:5 htb rate 40gbit
fails tc class add dev d0 parent 9: classid 9:1 htb rate 1mbit
