# Queueing disciplines and classes of many kinds, with statistics; changed, refused, deleted; a listener is told.
ip link add d0 address 02:00:00:00:00:01 numtxqueues 4 type dummy
ip link set d0 up
capture
listen tc monitor
tc -batch - <<'TC'
qdisc add dev d0 root handle 1: htb default 20 r2q 100
class add dev d0 parent 1: classid 1:1 htb rate 10mbit ceil 20mbit burst 15k cburst 16k
class add dev d0 parent 1:1 classid 1:10 htb rate 1mbit prio 2 quantum 1514 mpu 64 overhead 4 linklayer ethernet
class add dev d0 parent 1:1 classid 1:20 htb rate 2mbit ceil 40gbit
qdisc add dev d0 parent 1:10 handle 10: fq_codel limit 1000 target 5ms interval 100ms ecn ce_threshold 2ms
qdisc add dev d0 parent 1:20 handle 20: netem delay 100ms 10ms 25% distribution normal loss gemodel 1% 10% 70% 0.1% corrupt 0.1% duplicate 1% reorder 25% 50% rate 5mbit limit 500
TC
tc -s -d qdisc show dev d0
tc -s -d class show dev d0
tc class change dev d0 parent 1:1 classid 1:10 htb rate 3mbit
fails tc class del dev d0 classid 1:1
tc -batch - <<'TC'
qdisc replace dev d0 root handle 2: prio bands 4 priomap 1 2 2 2 1 2 0 0 1 1 1 1 1 1 1 1
qdisc add dev d0 parent 2:1 handle 21: tbf rate 1mbit burst 5kb latency 70ms peakrate 2mbit minburst 1540
qdisc add dev d0 parent 2:2 handle 22: sfq perturb 10 divisor 512 redflowlimit 30000 ecn harddrop
qdisc add dev d0 parent 2:3 handle 23: red limit 400000 min 30000 max 90000 avpkt 1000 burst 55 ecn adaptive bandwidth 10mbit
qdisc add dev d0 parent 2:4 handle 24: cake bandwidth 50mbit diffserv4 dual-srchost nat wash ack-filter rtt 50ms overhead 18
TC
tc -s qdisc show dev d0
tc qdisc del dev d0 root
told "deleted qdisc prio 2"
