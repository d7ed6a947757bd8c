"""Structures used by many families, and the constants: linux/socket.h, in.h, in6.h."""

from nldissect.wire import U8, U16, U32, Addr, Be16, Be32, Blob, Message, Pad, bind_attrs

from .constants import AF as AF
from .constants import ARPHRD as ARPHRD
from .constants import CLOCK as CLOCK
from .constants import ETH_P as ETH_P
from .constants import IPPROTO as IPPROTO
from .constants import RT_SCOPE as RT_SCOPE
from .constants import RT_TABLE as RT_TABLE
from .constants import RTN as RTN
from .constants import RTPROT as RTPROT


class sock_filter(Message):
    """One instruction of classic BPF (linux/filter.h)."""

    fields_desc = [U16.of("code", base=16), U8.of("jt"), U8.of("jf"), U32.of("k", base=16)]


class sockaddr_in(Message):
    """Behind the address family."""

    fields_desc = [Be16.of("sin_port"), Addr.of("sin_addr", 4), Pad.of("sin_zero")]


class sockaddr_in6(Message):
    """Behind the address family."""

    fields_desc = [
        Be16.of("sin6_port"), Be32.of("sin6_flowinfo", base=16), Addr.of("sin6_addr", 16),
        U32.of("sin6_scope_id", refers="interface"), Pad.of("__data"),
    ]


class kernel_sockaddr_storage(Message):
    """struct __kernel_sockaddr_storage: an address of any family, 128 bytes (linux/socket.h)."""

    fields_desc = [U16.of("ss_family", AF), Blob.of("address", "in the form of a family that is not known here")]


bind_attrs(kernel_sockaddr_storage.address, sockaddr_in, ss_family=AF.INET)
bind_attrs(kernel_sockaddr_storage.address, sockaddr_in6, ss_family=AF.INET6)
