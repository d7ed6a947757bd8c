# TIPC: identity, bearer, names, links, sockets.
modprobe tipc; modprobe tipc_diag
ip link add d0 address 02:00:00:00:00:01 type dummy
ip link set d0 up
capture
tipc node set identity router1
tipc node get identity
tipc bearer enable media eth dev d0 priority 5
tipc bearer list
tipc nametable show
tipc link list
tipc media list
tipc media get tolerance media eth
tipc socket list
tipc node get address
fails tipc link get priority link nosuch
