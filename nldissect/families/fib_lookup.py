"""NETLINK_FIB_LOOKUP: asks the IPv4 routing tables about one address (net/ip_fib.h, net/ipv4/fib_frontend.c).

The kernel answers in the message it was asked with, of whatever type.
"""

from nldissect.wire import NETLINK_FIB_LOOKUP, U8, U32, Addr, Errno, Message, bind_message

from .common import AF, RT_SCOPE, RT_TABLE, RTN


class fib_result_nl(Message):
    fields_desc = [
        Addr.of("fl_addr", 4, family=AF.INET), U32.of("fl_mark"), U8.of("fl_tos", base=16),
        U8.of("fl_scope", RT_SCOPE), U8.of("tb_id_in", RT_TABLE), U8.of("tb_id", RT_TABLE), U8.of("prefixlen"),
        U8.of("nh_sel"), U8.of("type", RTN), U8.of("scope", RT_SCOPE), Errno.of("err"),
    ]
    summary = (
        "{fl_addr} in {tb_id_in}, mark {fl_mark}:[ {tb_id} {type}/{prefixlen} scope {scope} nexthop {nh_sel}][ {err}]"
    )


bind_message(fib_result_nl, NETLINK_FIB_LOOKUP, NLMSG_UNSPEC=0)
