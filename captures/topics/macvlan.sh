# macvlan links in four modes, source mode with its address list, and macvtap.
ip link add d0 address 02:00:00:00:00:01 type dummy
modprobe macvtap
capture
ip link add link d0 name mv1 address 02:00:00:00:01:01 type macvlan mode bridge
ip link add link d0 name mv2 address 02:00:00:00:01:02 type macvlan mode vepa bcqueuelen 500
ip link add link d0 name mv3 address 02:00:00:00:01:03 type macvlan mode private
ip link add link d0 name mv4 address 02:00:00:00:01:04 type macvlan mode source
ip link set dev mv4 type macvlan macaddr add 02:00:00:00:99:01
ip link set dev mv4 type macvlan macaddr set 02:00:00:00:99:02 02:00:00:00:99:03
ip -d link show type macvlan
ip link set dev mv4 type macvlan macaddr flush
ip link add link d0 name mt0 address 02:00:00:00:01:05 type macvtap mode bridge
ip -d link show type macvtap
