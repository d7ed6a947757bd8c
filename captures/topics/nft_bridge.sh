# nftables, bridge family: a batch with chains, rules, sets, maps, verdict maps, objects, a flow of elements; listed, watched, deleted; a batch that fails.
ip link add br0 type bridge
capture
listen nft monitor
nft -f - <<'NFT'
table bridge filter {
  comment "what the bridge lets through"
  counter web { packets 3 bytes 400 }
  quota month { over 500 mbytes used 1 mbytes }
  limit slow { rate 400/minute burst 5 packets }
  set hosts { type ipv4_addr; flags interval,timeout; elements = { 10.0.0.0/8 timeout 1h, 192.0.2.1-192.0.2.9 comment "a range" }; }
  set seen { type ether_addr . ipv4_addr; size 128; flags dynamic,timeout; timeout 5m; counter; }
  map marks { type inet_service : mark; elements = { 80 : 0x10, 443 : 0x20 }; }
  map verdicts { typeof ether saddr : verdict; elements = { 02:00:00:00:00:01 : drop, 02:00:00:00:00:02 : jump extra }; }
  chain extra { counter name "web" accept; }
  chain forward {
    type filter hook forward priority -200; policy drop;
    ether type ip ip saddr @hosts tcp dport { 22, 80, 8000-8100 } counter packets 1 bytes 60 accept comment "known hosts"
    ether saddr vmap @verdicts
    meta mark set tcp dport map @marks
    ct state established,related accept
    ether type ip add @seen { ether saddr . ip saddr }
    limit rate over 10/second burst 20 packets log prefix "too fast " level warn flags ip options
    meta iifname "veth*" meta pkttype broadcast vlan id 10 quota over 10 mbytes drop
    ip6 nexthdr icmpv6 icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert } accept
    meta l4proto tcp tcp flags & (syn|rst) == syn meta mark set 0x1 or 0x100
    ip ttl set 5
    ip protocol udp queue num 3-5 bypass,fanout
    log group 2 snaplen 64 queue-threshold 10
    numgen random mod 4 vmap { 0 : accept, 1 : continue, 2 : goto extra, 3 : return }
    meta mark set jhash ip saddr mod 8 seed 0x1234
  }
}
NFT
nft list ruleset
nft -a list chain bridge filter extra
nft list counters
nft add element bridge filter hosts { 198.51.100.7 timeout 10s }
nft get element bridge filter hosts { 10.1.2.3 }
nft delete element bridge filter hosts { 198.51.100.7 }
nft insert rule bridge filter extra counter drop
nft reset counter bridge filter web
fails nft 'add chain bridge filter a; add rule bridge filter a jump nosuch; add rule bridge filter a accept'
fails nft add rule bridge nosuch forward accept
nft flush chain bridge filter extra
nft delete table bridge filter
told "delete table bridge filter"
