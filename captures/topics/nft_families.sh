# nftables, the families inet, ip, ip6, arp and netdev: address translation, routing and socket lookups, flow tables, transparent and synchronisation proxies, tunnels' inner headers, helpers, timeouts and expectations of connections, what an ingress hook can do; listed again. In Debian's own kernel.
modprobe -a nft_ct nft_fib_inet nft_reject_inet nft_socket nft_tproxy nft_nat nft_masq nft_redir nft_flow_offload nf_flow_table_inet nft_synproxy nft_osf nft_xfrm nft_hash nft_limit nft_dup_ipv4 nft_dup_netdev nft_fwd_netdev nft_connlimit nft_chain_nat nf_conntrack_ftp
ip link add d0 address 02:00:00:00:00:01 type dummy
ip link add d1 address 02:00:00:00:00:02 type dummy
ip link set d0 up
ip link set d1 up
capture
nft -f - <<'NFT'
table inet filter {
  ct helper ftp-standard { type "ftp" protocol tcp; l3proto inet; }
  ct timeout slow { protocol tcp; l3proto ip; policy = { established : 2m, close : 5s }; }
  ct expectation later { protocol tcp; dport 9876; timeout 1m; size 12; l3proto ip; }
  synproxy guard { mss 1460; wscale 7; timestamp sack-perm; }
  flowtable fast { hook ingress priority filter; devices = { d0, d1 }; counter; }
  set limited { type ipv4_addr; flags dynamic; }
  map where { type ipv4_addr : ipv4_addr . inet_service; flags interval; elements = { 192.0.2.0/24 : 198.51.100.1 . 80 }; }
  chain input {
    type filter hook input priority filter; policy accept;
    fib saddr . iif oif missing drop
    fib daddr type local fib saddr oifname "d0" counter
    tcp dport 21 ct helper set "ftp-standard"
    tcp dport 22 ct timeout set "slow"
    tcp dport 8888 ct expectation set "later"
    tcp dport 80 synproxy name "guard"
    tcp dport 25 add @limited { ip saddr ct count over 20 } reject with tcp reset
    ip6 saddr fe80::/10 reject with icmpv6 admin-prohibited
    meta l4proto udp reject with icmpx host-unreachable
    socket transparent 1 socket mark 0x5 accept
    socket cgroupv2 level 1 "." accept
    rt classid 10 rt ip nexthop 192.0.2.1 accept
    tcp option maxseg size 500-1400 tcp option sack-perm exists accept
    reset tcp option timestamp
    sctp chunk init exists drop
    dccp type request drop
    ip option lsrr exists drop
    exthdr frag exists ip6 nexthdr tcp drop
    udp dport 4789 vxlan vni 10 vxlan ip saddr 10.0.0.1 vxlan tcp dport 80 counter
    gre ip saddr 10.0.0.2 counter
    meta ipsec exists ipsec in reqid 5 accept
    meta time "2026-01-01 00:00:00"-"2026-12-31 23:59:59" meta day "Monday" meta hour "08:00"-"17:00" accept
    meta skuid 0 meta cgroup 5 meta cpu 0 meta rtclassid 7 accept
    ct zone 3 ct label 5 ct direction original ct original ip saddr 192.0.2.5 ct mark and 0xff == 0x7 accept
    ct bytes > 100000 ct avgpkt > 200 ct packets < 9 ct expiration 10s-1h accept
    jhash ip saddr . tcp dport mod 16 seed 0xdeadbeef 3 accept
    meta mark set symhash mod 4 offset 100
    last counter
    osf name "Linux" accept
    @th,0,16 0x50 @nh,96,32 0xc0000201 @ll,0,48 0x020000000001 accept
  }
  chain forward {
    type filter hook forward priority filter;
    ip protocol tcp flow add @fast
    tcp flags syn tcp option maxseg size set rt mtu
    ipsec out ip daddr 192.0.2.9 accept
    meta mark set ct mark
    ct mark set meta mark or 0x100
    ct label set 5
    notrack
  }
  chain ingress { type filter hook ingress devices = { d0 } priority 0; meta protocol arp accept; }
}
table inet nat {
  chain pre {
    type nat hook prerouting priority dstnat;
    tcp dport 8080 redirect to :80-90 random
    ip daddr 192.0.2.5 dnat ip to ip daddr map @addresses
    meta l4proto tcp ip6 daddr 2001:db8::5 dnat ip6 to [2001:db8::6]:8000-8010 persistent
  }
  chain post {
    type nat hook postrouting priority srcnat;
    meta l4proto udp oifname "d0" masquerade to :1024-65535 fully-random
    ip saddr 10.0.0.0/8 snat ip prefix to 192.0.2.0/24
  }
  map addresses { type ipv4_addr : ipv4_addr; elements = { 192.0.2.5 : 10.0.0.5 }; }
}
table ip mangle {
  chain pre {
    type filter hook prerouting priority mangle;
    tcp dport 80 tproxy to 127.0.0.1:50080 meta mark set 1 accept
    dup to 192.0.2.7 device "d1"
    ip dscp set cs3 ip ecn set ect0 ip ttl set 64
    ip saddr set 192.0.2.6 ip checksum 0x1234
  }
  chain out {
    type route hook output priority mangle;
    ip dscp 0x04 meta priority set 1:5
  }
}
table ip6 mangle {
  chain pre {
    type filter hook prerouting priority mangle;
    ip6 flowlabel 5 accept
    ip6 hoplimit set 10
    ip6 dscp set ef
    tcp dport 80 tproxy to [::1]:50080 accept
    rt type 0 drop
    srh last-entry 1 accept
    mh type home-test-init drop
    icmpv6 type nd-router-advert icmpv6 code 0 accept
    reject with icmpv6 port-unreachable
  }
}
table arp filter {
  chain input {
    type filter hook input priority filter;
    arp operation request arp saddr ip 192.0.2.1 arp daddr ether 00:00:00:00:00:00 accept
    arp htype 1 arp ptype 0x0800 arp hlen 6 drop
  }
}
table netdev guard {
  chain in {
    type filter hook ingress device "d0" priority -500; policy accept;
    ether saddr 02:00:00:00:00:09 drop
    vlan id 5 vlan pcp 3 accept
    ip daddr 192.0.2.4 fwd ip to 192.0.2.5 device "d1"
    ip daddr 192.0.2.3 dup to "d1"
    ip daddr 192.0.2.2 fwd to "d1"
    meta pkttype multicast limit rate 5 kbytes/second accept
  }
  chain out { type filter hook egress device "d0" priority 0; ip protocol icmp drop; }
}
NFT
nft list table inet filter
nft list hooks
nft flush ruleset
