# Three listeners: the same notification is seen three times, microseconds apart. A fourth change comes when nobody listens any more.
ip link add d0 address 02:00:00:00:00:01 type dummy
capture
listen ip monitor link
first=$!
listen ip monitor link
second=$!
listen ip monitor all
third=$!
ip link set d0 mtu 1400
until [ 3 = $(grep -c "mtu 1400" $RESULT.listen) ]; do sleep 0.02; done
kill $first $second $third
ip link set d0 mtu 1300
