# Bridge rules written by ebtables-nft: matches and targets of xtables carried inside nftables, and the compat revision query.
capture
ebtables-nft -A FORWARD -p IPv4 --ip-source 10.0.0.0/8 --ip-proto tcp --ip-dport 80 -j DROP
ebtables-nft -A INPUT -s 02:00:00:00:00:01 --limit 5/second -j mark --mark-set 7 --mark-target CONTINUE
ebtables-nft -A OUTPUT -p ARP --arp-op Request -j CONTINUE
ebtables-nft -L
