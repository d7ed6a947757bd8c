# B.A.T.M.A.N. advanced: the mesh device, its ports, settings and tables over the generic family.
modprobe batman-adv
ip link add d0 address 02:00:00:00:00:01 type dummy
ip link set d0 up
capture
ip link add bat0 address 02:00:00:00:00:ba type batadv
ip link set d0 master bat0
ip link set bat0 up
batctl meshif bat0 interface
batctl meshif bat0 orig_interval 2000
batctl meshif bat0 gw_mode server 10000/2000
batctl meshif bat0 originators
batctl meshif bat0 translocal
batctl meshif bat0 gwl
ip -d link show dev bat0
ip -d link show dev d0
