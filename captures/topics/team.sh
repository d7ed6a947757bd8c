# A team device: the link, then its options and ports over the generic family.
ip link add t1 address 02:00:00:00:00:01 type dummy
ip link add t2 address 02:00:00:00:00:02 type dummy
capture
ip link add team0 type team
teamnl team0 setoption mode activebackup
ip link set t1 master team0
ip link set t2 master team0
teamnl team0 ports
teamnl team0 options
teamnl -p t1 team0 setoption priority 100
teamnl team0 getoption mode
ip -d link show dev team0
ip -d link show dev t1
ip link set t1 nomaster
