# Drop monitor: its configuration, statistics, and alerts about packets that found no socket: summed up by place, then packet by packet. In Debian's own kernel. In the kernel's first namespaces.
modprobe drop_monitor
ip link add d0 type dummy
ip addr add 192.0.2.1/24 dev d0
ip link set d0 up
capture link[14:2] = 16
dwdump -q
(sleep 1; echo start; sleep 20) | dropwatch -l kas &
sleep 2
for port in 7 8 9; do python3 -c "import socket; socket.socket(2, 2).sendto(b'dropped', ('192.0.2.1', $port))"; done
sleep 4
dwdump -e
timeout 5 dwdump -t 96 -w /run/drops.pcap &
sleep 2
python3 -c "import socket; socket.socket(2, 2).sendto(b'dropped', ('192.0.2.1', 9))"
sleep 3
dwdump -s

