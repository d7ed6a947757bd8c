# IPv4 and IPv6 addresses with label, peer, broadcast, lifetimes, flags, metric; listed, changed, deleted; a listener is told.
ip link add d0 address 02:00:00:00:00:01 type dummy
ip link set d0 up
capture
listen ip monitor address
ip address add 192.0.2.1/24 broadcast + label d0:web dev d0
ip address add 192.0.2.2/24 dev d0 valid_lft 3600 preferred_lft 1800 noprefixroute metric 77
ip address add 198.51.100.1 peer 198.51.100.2/32 dev d0 scope link
ip address add 2001:db8::1/64 dev d0 nodad valid_lft 7200 preferred_lft 600 proto 0x20
ip address add 2001:db8::2/64 dev d0 home mngtmpaddr
ip address add fe80::5 peer fe80::6 dev d0
ip address show dev d0
ip -4 address show to 192.0.2.0/24
ip -6 address show dev d0 scope global
ip address change 2001:db8::1/64 dev d0 valid_lft forever preferred_lft forever
ip address replace 192.0.2.2/24 dev d0 broadcast 192.0.2.255
ip -6 maddress show dev d0
ip address del 192.0.2.2/24 dev d0
ip address flush dev d0 to 198.51.100.0/24
fails ip address add 192.0.2.1/24 dev d0
told "Deleted.*d0.*inet 198.51.100.1"
