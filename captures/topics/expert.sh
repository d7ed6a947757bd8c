# What expert notes are about: an obsolete request, strict checks, a nest without its flag, a deprecated attribute, a family whose id is told late, one whose id changes, packets lost for want of room.
modprobe nfnetlink_log; modprobe xt_NFLOG; modprobe iptable_filter; modprobe tcp_diag; modprobe tipc
iptables-legacy -A OUTPUT -p icmp --icmp-type echo-request -j NFLOG --nflog-group 5 --nflog-size 64
ip link add br0 type bridge
genl ctrl get name ethtool | grep -o 'ID: 0x[0-9a-f]*' >$RESULT.ethtool
capture
python "$TOPICS/expert_asks.py" $RESULT.ethtool
genl ctrl get name ethtool
ip link set br0 type bridge mcast_hash_elasticity 8
listen genl ctrl monitor
genl ctrl get name TIPCv2
modprobe -r tipc_diag; modprobe -r tipc
modprobe tipc
python "$TOPICS/nflog_loser.py"
