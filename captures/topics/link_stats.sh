# Counters of lo and of a dummy, short and full, in 32 and 64 bits.
ip link add d0 address 02:00:00:00:00:01 type dummy
ip link set d0 up
ping -q -c 3 -i 0.01 127.0.0.1
capture
ip -s link show dev lo
ip -s -s link show dev d0
ip -6 -s link show dev lo
