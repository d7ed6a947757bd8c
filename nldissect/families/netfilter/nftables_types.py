"""nftables: types of keys and data, which nft numbers and the kernel only stores (nft's datatype.h)."""

from __future__ import annotations

from typing import Any

from nldissect.wire.enums import Enum
from nldissect.wire.numbers import Be32

TYPE_BITS = 6

NFT_NAMES = {
    "TYPE_NFPROTO": "nf_proto", "TYPE_LLADDR": "ll_addr", "TYPE_IPADDR": "ipv4_addr", "TYPE_IP6ADDR": "ipv6_addr",
    "TYPE_ETHERADDR": "ether_addr", "TYPE_ETHERTYPE": "ether_type", "TYPE_ARPOP": "arp_op",
    "TYPE_INET_PROTOCOL": "inet_proto", "TYPE_IFINDEX": "iface_index", "TYPE_ARPHRD": "iface_type",
    "TYPE_ICMP6_TYPE": "icmpv6_type", "TYPE_PKTTYPE": "pkt_type", "TYPE_FIB_ADDR": "fib_addrtype",
    "TYPE_CT_EVENTBIT": "ct_event", "TYPE_TIME_DATE": "time", "TYPE_TIME_HOUR": "hour", "TYPE_TIME_DAY": "day",
}


class NFT_DATATYPE(Enum, prefix=""):
    TYPE_INVALID       = 0
    TYPE_VERDICT       = 1
    TYPE_NFPROTO       = 2
    TYPE_BITMASK       = 3
    TYPE_INTEGER       = 4
    TYPE_STRING        = 5
    TYPE_LLADDR        = 6
    TYPE_IPADDR        = 7
    TYPE_IP6ADDR       = 8
    TYPE_ETHERADDR     = 9
    TYPE_ETHERTYPE     = 10
    TYPE_ARPOP         = 11
    TYPE_INET_PROTOCOL = 12
    TYPE_INET_SERVICE  = 13
    TYPE_ICMP_TYPE     = 14
    TYPE_TCP_FLAG      = 15
    TYPE_DCCP_PKTTYPE  = 16
    TYPE_MH_TYPE       = 17
    TYPE_TIME          = 18
    TYPE_MARK          = 19
    TYPE_IFINDEX       = 20
    TYPE_ARPHRD        = 21
    TYPE_REALM         = 22
    TYPE_CLASSID       = 23
    TYPE_UID           = 24
    TYPE_GID           = 25
    TYPE_CT_STATE      = 26
    TYPE_CT_DIR        = 27
    TYPE_CT_STATUS     = 28
    TYPE_ICMP6_TYPE    = 29
    TYPE_CT_LABEL      = 30
    TYPE_PKTTYPE       = 31
    TYPE_ICMP_CODE     = 32
    TYPE_ICMPV6_CODE   = 33
    TYPE_ICMPX_CODE    = 34
    TYPE_DEVGROUP      = 35
    TYPE_DSCP          = 36
    TYPE_ECN           = 37
    TYPE_FIB_ADDR      = 38
    TYPE_BOOLEAN       = 39
    TYPE_CT_EVENTBIT   = 40
    TYPE_IFNAME        = 41
    TYPE_IGMP_TYPE     = 42
    TYPE_TIME_DATE     = 43
    TYPE_TIME_HOUR     = 44
    TYPE_TIME_DAY      = 45
    TYPE_CGROUPV2      = 46
    NFT_DATA_VERDICT   = 0xFFFFFF00

    @classmethod
    def short(cls, name: str) -> str:
        """What nft calls it."""
        return NFT_NAMES.get(name) or name.removeprefix("TYPE_").removeprefix("NFT_DATA_").lower()


class DataType(Be32):
    """One type, or a concatenation of several, with 6 bits for each, the first in the highest."""

    def __init__(self, number: int | None = None, **options: Any) -> None:
        super().__init__(number, NFT_DATATYPE, **options)

    def shown(self, value: Any) -> str:
        if not isinstance(value, int) or value in NFT_DATATYPE.names or value >> 5 * TYPE_BITS:
            return super().shown(value)
        types = []
        while value:
            types.append(value & (1 << TYPE_BITS) - 1)
            value >>= TYPE_BITS
        names = (NFT_DATATYPE.names.get(one, str(one)) for one in reversed(types))
        return " . ".join(map(NFT_DATATYPE.short, names))
