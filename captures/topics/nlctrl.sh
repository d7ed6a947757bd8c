# The generic netlink controller: all families, one by name and by id, a refusal, and news of a family that comes and goes.
modprobe -r tipc_diag; modprobe -r tipc
capture
listen genl ctrl monitor
genl ctrl list
genl ctrl get name nlctrl
genl ctrl get id 0x10
fails genl ctrl get name nosuch
modprobe tipc
told "Name: TIPC"
modprobe -r tipc
