"""Requests that carry the address family alone: struct rtgenmsg (linux/rtnetlink.h)."""

from nldissect.wire import NETLINK_ROUTE, U8, Message, Pad, bind_message

from ..common import AF


class rtgenmsg(Message):
    fields_desc = [U8.of("rtgen_family", AF), Pad.of("__pad", 3)]
    summary = "{rtgen_family}"


# One byte, or four from programs that send the C struct around it. Types whose own header is that short are left out.
bind_message(
    rtgenmsg, NETLINK_ROUTE, to="kernel", size=(1, 4),
    RTM_GETLINK=18, RTM_GETADDR=22, RTM_GETROUTE=26, RTM_GETNEIGH=30, RTM_GETRULE=34, RTM_GETQDISC=38, RTM_GETTCLASS=42,
    RTM_GETTFILTER=46, RTM_GETMULTICAST=58, RTM_GETANYCAST=62, RTM_GETADDRLABEL=74, RTM_GETMDB=86, RTM_GETSTATS=94,
    RTM_GETCHAIN=102, RTM_GETNEXTHOP=106, RTM_GETLINKPROP=110, RTM_GETVLAN=114, RTM_GETNEXTHOPBUCKET=118,
    RTM_GETTUNNEL=122,
)
