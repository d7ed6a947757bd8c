# Smaller rtnetlink subjects: address labels, tokenised identifiers, multicast addresses, TCP metrics, address generation, prefix notices.
ip link add d0 address 02:00:00:00:00:01 type dummy
ip link set d0 up
ip address add 192.0.2.1/24 dev d0
capture
listen ip monitor all
ip addrlabel add prefix 2001:db8::/32 label 99
ip addrlabel list
ip addrlabel del prefix 2001:db8::/32 label 99
echo 1 > /proc/sys/net/ipv6/conf/d0/accept_ra
fails ip token set ::5 dev d0
ip token list
ip maddress add 01:00:5e:00:00:05 dev d0
ip maddress show dev d0
ip -4 route get 192.0.2.9 oif d0 tos 0x10
python -c 'import socket; s = socket.create_server(("127.0.0.1", 8080)); [socket.create_connection(("127.0.0.1", 8080)).close() for _ in "abc"]'
ip tcp_metrics show
ip tcp_metrics flush
ip link set d0 addrgenmode random
