# Multipath TCP: endpoints and limits, and the events of a connection over two paths, with its subflows announced, joined and closed. In Debian's own kernel.
ip link add veth0 type veth peer name veth1
ip netns add far
ip link set veth1 netns far
ip addr add 198.51.100.1/24 dev veth0
ip addr add 203.0.113.1/24 dev veth0
ip link set veth0 up
ip netns exec far ip addr add 198.51.100.2/24 dev veth1
ip netns exec far ip addr add 203.0.113.2/24 dev veth1
ip netns exec far ip link set veth1 up
ip netns exec far ip mptcp limits set subflows 2 add_addr_accepted 2
capture
listen ip mptcp monitor
ip mptcp limits set subflows 2 add_addr_accepted 2
ip mptcp limits show
ip mptcp endpoint add 203.0.113.1 dev veth0 id 7 subflow
ip mptcp endpoint add 2001:db8::1 id 8 signal
ip mptcp endpoint show
ip mptcp endpoint change id 7 backup
ip netns exec far python3 $TOPICS/mptcp_talk.py listen 198.51.100.2 &
sleep 2
python3 $TOPICS/mptcp_talk.py connect 198.51.100.2
sleep 2
ip mptcp endpoint delete id 7
fails ip mptcp endpoint delete id 99
ip mptcp endpoint flush
