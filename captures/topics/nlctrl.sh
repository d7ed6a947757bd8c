# The generic netlink controller: all families, one by name and by id, their commands' policies, and news of families that come and go.
capture
listen genl ctrl monitor
genl ctrl list
genl ctrl get name nlctrl
genl ctrl get id 0x10
fails genl ctrl get name nosuch
modprobe tipc
told "Name: TIPC"
