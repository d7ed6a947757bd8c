# Actions by themselves: police, gact, mirred, vlan, tunnel_key, mpls, skbmod, connmark, ctinfo, sample, ct, ife, simple, bpf; listed, fetched, deleted, flushed.
ip link add d0 address 02:00:00:00:00:01 type dummy
modprobe act_ife
capture
tc -batch - <<'TC'
actions add action police rate 1mbit burst 20k peakrate 2mbit mtu 1514 conform-exceed drop/ok index 5
actions add action gact drop random netrand ok 10 index 1 cookie deadbeef
actions add action mirred egress redirect dev d0 index 2
actions add action vlan push id 100 protocol 802.1ad priority 3 index 3
actions add action tunnel_key set src_ip 192.0.2.1 dst_ip 192.0.2.2 id 100 dst_port 4789 ttl 64 tos 8 nocsum geneve_opts 0102:80:00880022 index 4
actions add action mpls push protocol mpls_uc label 123 tc 3 ttl 64 bos 1 index 6
actions add action skbmod set dmac 02:00:00:00:00:09 set etype 0x0806 index 7
actions add action connmark zone 3 index 8
actions add action ctinfo dscp 0xfc000000 0x01000000 index 9
actions add action sample rate 100 group 5 trunc 128 index 10
actions add action ct commit mark 0x1/0xff nat src addr 192.0.2.1-192.0.2.9 port 1024-2048 index 11
actions add action ife encode use mark 0x12 allow prio dst 02:00:00:00:00:0c type 0xFED2 index 12
actions add action simple sdata "seen here" index 13
TC
tc -s actions list action police
tc -s actions list action gact
tc -batch - <<'TC'
actions list action mirred
actions list action vlan
actions list action tunnel_key
actions list action mpls
actions list action skbmod
actions list action sample
actions list action simple
actions list action ct
actions list action connmark
actions list action ctinfo
actions list action ife
TC
tc actions get action vlan index 3
fails tc actions get action vlan index 99
tc -batch - <<'TC'
actions replace action vlan pop index 3
actions del action vlan index 3
actions flush action gact
TC
