# Netlink that nobody thinks of: glibc's getifaddrs, if_nameindex and getaddrinfo, and busybox ip.
ip link add d0 address 02:00:00:00:00:01 type dummy
ip link set d0 up
ip address add 192.0.2.1/24 dev d0
capture
python -c 'import socket; print(socket.if_nameindex())'
python -c 'import socket; print(socket.getaddrinfo("localhost", 80, flags=socket.AI_ADDRCONFIG))'
getent ahosts localhost
busybox ip address
busybox ip route
busybox ip link set d0 mtu 1400
