# ipset: sets of six types with timeouts, counters, comments and skbinfo; added, tested, listed, saved, renamed, swapped, refused, destroyed.
modprobe ip_set
capture
ipset create hosts hash:ip timeout 300 counters comment skbinfo hashsize 64 maxelem 1000
ipset add hosts 192.0.2.1 timeout 60 packets 3 bytes 400 comment "the first" skbmark 0x10/0xff skbprio 1:10 skbqueue 5
ipset add hosts 192.0.2.8/30
ipset create nets hash:net,port family inet6
ipset add nets 2001:db8::/32,tcp:443
ipset add nets 2001:db8:1::/48,icmpv6:echo-request nomatch
ipset create ports bitmap:port range 1000-2000
ipset add ports 1080-1085
ipset create macs hash:mac
ipset add macs 02:00:00:00:00:01
ipset create ifaces hash:net,iface
ipset add ifaces 10.0.0.0/8,eth0
ipset create all list:set size 8
ipset add all hosts
ipset add all ports
ipset test hosts 192.0.2.1
fails ipset test hosts 198.51.100.1
fails ipset add hosts 192.0.2.1
fails ipset create hosts hash:ip
fails ipset add ports 80
ipset list
ipset save hosts
ipset list -n
ipset rename macs addresses
ipset create other hash:ip timeout 300
fails ipset swap other ports
ipset swap other hosts
printf 'create batch hash:ip\nadd batch 10.0.0.1\nadd batch 10.0.0.2\nadd batch 10.0.0.3\n' | ipset restore
ipset del ports 1081
ipset flush ports
ipset destroy batch
fails ipset destroy hosts
