# More disciplines: drr, fq, pie, codel, choke, hhf, sfb, pfifo, bfifo, hfsc, qfq, multiq, skbprio, gred, plug, mqprio, taprio, etf, cbs.
ip link add d0 address 02:00:00:00:00:01 numtxqueues 4 type dummy
ip link set d0 up
capture
tc -batch - <<'TC'
qdisc add dev d0 root handle 1: drr
class add dev d0 parent 1: classid 1:1 drr quantum 600
class add dev d0 parent 1: classid 1:2 drr
class add dev d0 parent 1: classid 1:3 drr
class add dev d0 parent 1: classid 1:4 drr
class add dev d0 parent 1: classid 1:5 drr
class add dev d0 parent 1: classid 1:6 drr
class add dev d0 parent 1: classid 1:7 drr
qdisc add dev d0 parent 1:1 fq limit 5000 flow_limit 50 quantum 3000 initial_quantum 15000 maxrate 1gbit ce_threshold 4ms horizon 5s horizon_cap
qdisc add dev d0 parent 1:2 pie limit 500 target 15ms tupdate 16ms alpha 2 beta 20 ecn bytemode
qdisc add dev d0 parent 1:3 codel limit 500 target 4ms interval 90ms ecn
qdisc add dev d0 parent 1:4 choke limit 1000 bandwidth 10mbit min 83 max 250 ecn
qdisc add dev d0 parent 1:5 hhf limit 500 hh_limit 1000 non_hh_weight 3
qdisc add dev d0 parent 1:6 sfb limit 1000 max 25 target 20
qdisc add dev d0 parent 1:7 bfifo limit 33000
TC
tc -s -d qdisc show dev d0
tc -s class show dev d0
tc -batch - <<'TC'
qdisc replace dev d0 root handle 2: hfsc default 1
class add dev d0 parent 2: classid 2:1 hfsc sc umax 1500b dmax 30ms rate 1mbit ul rate 2mbit
class add dev d0 parent 2: classid 2:2 hfsc ls rate 1mbit rt m1 2mbit d 10ms m2 500kbit
qdisc add dev d0 parent 2:1 handle 3: qfq
class add dev d0 parent 3: classid 3:1 qfq weight 10 maxpkt 1500
qdisc add dev d0 parent 3:1 skbprio limit 64
qdisc add dev d0 parent 2:2 gred setup DPs 3 default 2 grio
TC
tc -s -d qdisc show dev d0
tc -s class show dev d0
tc -batch - <<'TC'
qdisc replace dev d0 root handle 4: mqprio num_tc 2 map 0 1 0 0 0 0 0 0 0 0 0 0 0 0 0 0 queues 2@0 2@2 hw 0
qdisc replace dev d0 parent 4:1 handle 5: etf clockid CLOCK_TAI delta 300000 deadline_mode
qdisc replace dev d0 parent 4:2 handle 6: cbs idleslope 20000 sendslope -980000 hicredit 30 locredit -1470
qdisc replace dev d0 parent 4:3 handle 7: pfifo limit 33
qdisc show dev d0
qdisc replace dev d0 root handle 8: multiq
qdisc replace dev d0 root handle 9: taprio num_tc 2 map 0 1 0 0 0 0 0 0 0 0 0 0 0 0 0 0 queues 2@0 2@2 base-time 1000 sched-entry S 01 300000 sched-entry S 02 400000 clockid CLOCK_TAI
qdisc show dev d0
TC
