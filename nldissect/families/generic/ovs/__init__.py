"""What the families of Open vSwitch share (linux/openvswitch.h, net/openvswitch/): keys, masks, actions."""

from nldissect.wire import S32

DATAPATH = S32.of("dp_ifindex", refers="interface")
"""struct ovs_header, which stands before the attributes of every family."""
