# Packets logged to user space (NFLOG), and packets queued for a verdict (NFQUEUE): configuration, packets, verdicts.
modprobe nfnetlink_log; modprobe nfnetlink_queue; modprobe xt_NFLOG; modprobe xt_NFQUEUE; modprobe iptable_filter
iptables-legacy -A OUTPUT -p icmp --icmp-type echo-request -j NFLOG --nflog-group 5 --nflog-prefix "ping goes out" --nflog-size 64
iptables-legacy -A INPUT -p udp --dport 5353 -j NFQUEUE --queue-num 7
capture
python "$TOPICS/nflog_reader.py" >$RESULT.listen &
told listening
ping -q -c 1 127.0.0.1
python -c 'import socket; socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"queued", ("127.0.0.1", 5353))'
told verdict
wait $!
