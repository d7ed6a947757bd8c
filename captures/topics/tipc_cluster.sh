# A TIPC cluster of two nodes: links over Ethernet and UDP, their counters, names, peers, monitor, keys.
modprobe tipc
ip netns add peer
ip link add left address 02:00:00:00:00:01 type veth peer name right address 02:00:00:00:00:02 netns peer
ip link set left up
ip address add 192.0.2.1/24 dev left
ip -6 address add 2001:db8::1/64 dev left nodad
ip -n peer link set right up
ip -n peer address add 192.0.2.2/24 dev right
ip netns exec peer tipc node set identity peer2
ip netns exec peer tipc bearer enable media eth device right
ip netns exec peer tipc bearer enable media udp name udp0 localip 192.0.2.2
sleep 2
capture
tipc node set identity router1
tipc bearer enable media eth device left
tipc bearer enable media udp name udp0 localip 192.0.2.1
sleep 4
tipc node list
tipc link list
tipc link statistics show
tipc link set priority 12 link router1:left-peer2:right
tipc nametable show
tipc link monitor summary
tipc link monitor list
tipc link monitor set threshold 40
tipc link monitor get threshold
tipc bearer list
tipc bearer get media udp name udp0 localip
tipc bearer enable media udp name udp6 localip 2001:db8::1 remoteip 2001:db8::2
tipc bearer add media udp name udp6 remoteip 2001:db8::3
tipc bearer get media udp name udp6 remoteip
fails tipc node set key too_short
tipc node set key this_is_a_secret_key
tipc node set key this_is_master_key_2 master
tipc node set key this_is_the_peer_key nodeid peer2
tipc node set key rekeying 10
tipc node flush key
tipc bearer disable media udp name udp6
tipc bearer disable media eth device left
tipc bearer disable media udp name udp0
tipc peer remove identity peer2
fails tipc node set netid 4712
