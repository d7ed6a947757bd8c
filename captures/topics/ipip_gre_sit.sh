# IPv4 and IPv6 tunnels: ipip, gre, gretap, sit, ip6tnl, ip6gre, vti.
modprobe ipip; modprobe ip_gre; modprobe sit; modprobe ip6_tunnel; modprobe ip6_gre; modprobe ip_vti
ip link add d0 type dummy
capture
ip link add ipip1 type ipip local 192.0.2.1 remote 192.0.2.2 tos inherit nopmtudisc dev d0
ip link add gre1 type gre local 192.0.2.1 remote 192.0.2.2 ikey 10 okey 0.0.0.20 icsum ocsum iseq oseq ttl 32
ip link add gretap1 address 02:00:00:00:00:01 type gretap local 192.0.2.1 remote 192.0.2.3 key 5
ip link add sit1 type sit local 192.0.2.1 remote 192.0.2.4 ttl 255 6rd-prefix 2002::/16
ip link add ip6tnl1 type ip6tnl mode any local 2001:db8::1 remote 2001:db8::2 encaplimit 4 hoplimit 33 tclass 0x1c flowlabel 0x12345
ip link add ip6gre1 type ip6gre local 2001:db8::1 remote 2001:db8::3 key 7 csum hoplimit 64 encaplimit none
ip link add vti1 type vti local 192.0.2.1 remote 192.0.2.5 key 6
ip link add erspan1 address 02:00:00:00:00:02 type erspan local 192.0.2.1 remote 192.0.2.6 seq key 100 erspan_ver 2 erspan_dir egress erspan_hwid 17
ip -d link show type ipip
ip -d link show type gre
ip -d link show type gretap
ip -d link show type sit
ip -d link show type ip6tnl
ip -d link show type ip6gre
ip -d link show type vti
ip -d link show type erspan
