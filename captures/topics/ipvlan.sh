# ipvlan in l2 and l3s modes with flags, and ipvtap.
ip link add d0 address 02:00:00:00:00:01 type dummy
modprobe ipvtap
capture
ip link add link d0 name iv1 type ipvlan mode l2 private
ip link add link d0 name iv2 type ipvlan mode l2 private
ip -d link show type ipvlan
ip link del iv1
ip link del iv2
ip link add link d0 name iv3 type ipvlan mode l3s vepa
ip -d link show type ipvlan
