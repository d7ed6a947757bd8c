# Network block devices: connected over netlink to a server that is only a socket, asked for, reconfigured, disconnected. In the kernel's first namespaces.
modprobe nbd nbds_max=2
capture
python $TOPICS/nbd.py
