# Three listeners are told of a route that comes and goes: the notification repeats port id and sequence number of who asked, so that it belongs to the exchange, three times.
ip link add d0 type dummy
ip addr add 10.9.0.1/24 dev d0
ip link set d0 up
capture
listen ip monitor route
listen ip monitor route
listen ip monitor route
ip route add 1.2.3.0/24 via 10.9.0.2
ip route del 1.2.3.0/24
