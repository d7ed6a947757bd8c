"""Dump requests that begin with struct ifinfomsg whatever they ask for, as iproute2 sent them before 5.0.

The kernel reads the family alone. They are told by their length: ifinfomsg, often with IFLA_EXT_MASK, where a request
with the header that belongs there would be of another.
"""

from nldissect.wire import NETLINK_ROUTE, bind_message

from ..common import AF
from .link import ifinfomsg

bind_message(
    ifinfomsg, NETLINK_ROUTE, to="kernel", size=(16, 24),
    RTM_GETROUTE=26, RTM_GETRULE=34, RTM_GETNEIGHTBL=66, RTM_GETADDRLABEL=74,
)

# An ifaddrmsg with IFA_TARGET_NETNSID has 16 bytes too.
bind_message(
    ifinfomsg, NETLINK_ROUTE, to="kernel", size=24,
    RTM_GETADDR=22, RTM_GETMULTICAST=58, RTM_GETANYCAST=62, RTM_GETNETCONF=82, RTM_GETMDB=86, RTM_GETNSID=90,
)

# With AF_BRIDGE, the kernel takes whatever is no ndmsg with at most one u32 for an ifinfomsg (rtnl_fdb_dump). 24 bytes
# are left to ndmsg there: asking for one entry by its address takes as many.
bind_message(ifinfomsg, NETLINK_ROUTE, to="kernel", size=16, RTM_GETNEIGH=30)
bind_message(ifinfomsg, NETLINK_ROUTE, to="kernel", size=24, first=(AF.UNSPEC, AF.INET, AF.INET6), RTM_GETNEIGH=30)
bind_message(ifinfomsg, NETLINK_ROUTE, to="kernel", size=24, first=AF.BRIDGE, dump=True, RTM_GETNEIGH=30)
