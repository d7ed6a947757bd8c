# Connection tracking: real loopback connections, entries made, changed and deleted by hand; listed, watched, counted.
modprobe nf_conntrack_netlink; modprobe nf_conntrack_ftp; modprobe iptable_nat
iptables-legacy -A INPUT -m conntrack --ctstate ESTABLISHED -j ACCEPT
capture
listen conntrack -E
ping -q -c 1 127.0.0.1
python -c 'import socket; s = socket.create_server(("127.0.0.1", 8080)); c = socket.create_connection(("127.0.0.1", 8080)); c.send(b"hello"); s.accept()[0].recv(9)'
conntrack -I -p tcp -s 192.0.2.1 -d 198.51.100.1 --sport 1024 --dport 80 --state ESTABLISHED -t 600 -m 5 -u ASSURED
conntrack -I -p udp -s 192.0.2.1 -d 198.51.100.1 --sport 1025 --dport 53 -t 30 --src-nat 203.0.113.1
conntrack -I -p udp -s 2001:db8::1 -d 2001:db8::2 --sport 1026 --dport 53 -t 30
conntrack -L
conntrack -L -f ipv6 -o extended
conntrack -G -p tcp -s 192.0.2.1 -d 198.51.100.1 --sport 1024 --dport 80
conntrack -U -p tcp -s 192.0.2.1 -d 198.51.100.1 --sport 1024 --dport 80 -m 9 -t 700
conntrack -L -m 9
conntrack -C
conntrack -S
fails conntrack -D -p tcp -s 9.9.9.9 -d 9.9.9.8
conntrack -D -p tcp --orig-port-dst 80
conntrack -F
told "DESTROY.*icmp"
