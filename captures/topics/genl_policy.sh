# The policy of a generic family, attribute by attribute, as CTRL_CMD_GETPOLICY tells it.
modprobe fou
capture
genl ctrl policy name fou
genl ctrl policy name nlctrl
