# nftables tracing a packet through the bridge's chains.
ip netns add one
ip netns add two
ip link add name br0 address 02:00:00:00:00:0b type bridge
ip link add name p1 master br0 type veth peer name e1 netns one
ip link add name p2 master br0 type veth peer name e2 netns two
for link in br0 p1 p2; do ip link set $link up; done
ip -n one link set e1 address 02:00:00:00:00:01 up
ip -n two link set e2 address 02:00:00:00:00:02 up
ip -n one address add 192.0.2.1/24 dev e1
ip -n two address add 192.0.2.2/24 dev e2
ip netns exec one ping -q -c 1 -w 5 192.0.2.2
capture
nft -f - <<'NFT'
table bridge filter {
  chain extra { counter accept; }
  chain forward {
    type filter hook forward priority 0; policy accept;
    ether type ip ip protocol icmp meta nftrace set 1
    ip daddr 192.0.2.2 jump extra
  }
}
NFT
listen nft monitor trace
ip netns exec one ping -q -c 1 -w 5 192.0.2.2
told "verdict accept"
