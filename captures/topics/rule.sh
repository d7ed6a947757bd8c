# Policy rules of every sort, for IPv4 and IPv6; refused ones; a listener is told.
ip link add blue type vrf table 1001
capture
listen ip monitor rule
ip rule add from 10.0.0.0/8 to 192.0.2.0/24 table 100 priority 1000
ip rule add fwmark 0x10/0xff iif lo table 1000 priority 1001
ip rule add oif eth9 lookup main suppress_prefixlength 0 priority 1002
ip rule add uidrange 1000-1999 ipproto tcp sport 1024-2048 dport 443 prohibit priority 1003
ip rule add tos 0x10 goto 2000 priority 1004
ip rule add nop priority 2000
ip rule add l3mdev priority 1005 protocol 99
ip rule add from 192.0.2.7 unreachable realms 3/4 priority 1006
ip rule add not from 10.9.0.0/16 blackhole priority 1007
ip rule add lookup main suppress_ifgroup 7 priority 1008
ip rule add tun_id 500 lookup 100 priority 1009
ip rule add dscp 46 lookup 100 priority 1010
ip -6 rule add from 2001:db8::/32 lookup 200 priority 1000
ip rule show
ip -d -6 rule show
ip rule show from 10.0.0.0/8
ip rule del from 10.0.0.0/8 priority 1000
fails ip rule del priority 999
fails ip rule add dport 443 lookup 100 goto 10 priority 5000
ip -6 rule flush
told "Deleted.*10.0.0.0/8"
