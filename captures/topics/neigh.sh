# Neighbours: added, proxied, asked for, managed, flushed; a listener is told.
ip netns add red
ip link add d0 address 02:00:00:00:00:01 type veth peer name d1 netns red
ip netns exec red ip link set d1 up
ip link set d0 up
ip address add 192.0.2.1/24 dev d0
capture
listen ip monitor neigh
ip neigh add 192.0.2.2 lladdr 02:00:00:00:00:02 dev d0 nud permanent
ip neigh add 192.0.2.3 lladdr 02:00:00:00:00:03 dev d0 nud stale protocol static
ip neigh add 2001:db8::2 lladdr 02:00:00:00:00:02 dev d0 router nud reachable
ip neigh add proxy 192.0.2.9 dev d0
ip neigh add 192.0.2.4 dev d0 managed extern_learn
ip neigh show
ip -s neigh show dev d0 nud all
ip neigh show proxy
ip neigh get 192.0.2.2 dev d0
ip neigh replace 192.0.2.2 lladdr 02:00:00:00:00:22 dev d0
ip neigh del 192.0.2.2 dev d0
ip neigh flush dev d0 nud stale
fails ip neigh get 192.0.2.77 dev d0
told "Deleted.*192.0.2.3"
