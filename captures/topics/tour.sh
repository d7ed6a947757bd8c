# A bit of everything in one session: the network of a small router is set up, looked at, and broken twice.
modprobe xfrm_user; modprobe esp4; modprobe ip_set
ip netns add lan
ip link add eth0 address 02:00:00:00:00:01 type dummy
capture
listen ip monitor link address route
# A LAN bridge with a VLAN on the uplink.
ip link add link eth0 name eth0.10 type vlan id 10
ip link add br0 address 02:00:00:00:00:0b type bridge vlan_filtering 1
ip link add port1 address 02:00:00:00:01:01 type veth peer name host1 netns lan
ip link set port1 master br0
bridge vlan add dev port1 vid 10 pvid untagged
ip link set eth0 up
ip link set eth0.10 up
ip link set port1 up
ip link set br0 mtu 1400 up
# Addresses, routes, policy.
ip address add 192.0.2.1/24 dev eth0.10
ip address add 10.0.0.1/24 dev br0
ip address add 2001:db8::1/64 dev br0 nodad
ip route add default via 192.0.2.254
ip route add 198.51.100.0/24 nexthop via 192.0.2.252 weight 1 nexthop via 192.0.2.253 weight 3
ip rule add from 10.0.0.0/24 lookup 100 priority 1000
ip neigh add 192.0.2.254 lladdr 02:00:00:00:00:fe dev eth0.10
ip route get 198.51.100.7
ip -d link show dev eth0.10
# Two mistakes.
fails ip link add link eth0 name eth0.5000 type vlan id 5000
fails ip route add 10.9.0.1/16 dev br0
# A shaper and a filter on the uplink.
tc qdisc add dev eth0.10 root handle 1: htb default 10
tc class add dev eth0.10 parent 1: classid 1:10 htb rate 10mbit
tc filter add dev eth0.10 parent 1: protocol ip prio 1 u32 match ip dst 198.51.100.0/24 flowid 1:10
# What may cross the bridge; a set of addresses; an IPsec tunnel.
nft -f - <<'NFT'
table bridge filter {
  set known { type ether_addr; elements = { 02:00:00:00:01:01, 02:00:00:00:01:02 }; }
  chain forward {
    type filter hook forward priority 0; policy accept;
    ether saddr != @known counter drop
  }
}
NFT
nft list table bridge filter
ipset create blocked hash:ip timeout 600
ipset add blocked 203.0.113.7
ip xfrm state add src 192.0.2.1 dst 198.51.100.1 proto esp spi 0x1000 reqid 1 mode tunnel aead 'rfc4106(gcm(aes))' 0x000102030405060708090a0b0c0d0e0f10111213 128
ip xfrm policy add src 10.0.0.0/24 dst 10.1.0.0/24 dir out tmpl src 192.0.2.1 dst 198.51.100.1 proto esp reqid 1 mode tunnel
# Looking around: generic families, a driver, sockets.
genl ctrl get name nlctrl
ethtool -k port1 >/dev/null
ss -tln
# Two programs that talk to each other.
python -c 'import socket; a, b = (socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 2) for _ in "ab"); a.bind((100, 0)); b.bind((200, 0)); text = b"Hello you!"; a.sendto((16 + len(text)).to_bytes(4, "little") + b"\x20" + bytes(7) + b"\x64\0\0\0" + text, (200, 0)); print(b.recv(99))'
# And down again.
ip link del port1
ip link set eth0 down
told "Deleted.*port1"
