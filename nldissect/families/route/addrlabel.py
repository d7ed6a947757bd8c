"""Labels of IPv6 source address selection: RTM_NEWADDRLABEL and its kin (linux/if_addrlabel.h)."""

from nldissect.wire import NETLINK_ROUTE, U8, U32, Addr, Attrs, AttrSet, Message, Pad, bind_message

from ..common import AF


class IFAL(AttrSet):
    ADDRESS = Addr(1, prefix="ifal_prefixlen")
    LABEL   = U32(2)


class ifaddrlblmsg(Message):
    fields_desc = [
        U8.of("ifal_family", AF), Pad.of("__ifal_reserved", 1), U8.of("ifal_prefixlen"), U8.of("ifal_flags"),
        U32.of("ifal_index", refers="interface"), U32.of("ifal_seq"), Attrs("attrs", IFAL),
    ]
    summary = "{ifal_family} [prefix {IFAL_ADDRESS}/{ifal_prefixlen}] [label {IFAL_LABEL}]"


bind_message(ifaddrlblmsg, NETLINK_ROUTE, RTM_NEWADDRLABEL=72, RTM_DELADDRLABEL=73, RTM_GETADDRLABEL=74)
