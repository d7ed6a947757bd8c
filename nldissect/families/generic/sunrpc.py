"""Caches of the RPC server that user space fills (linux/sunrpc_netlink.h); since 7.1."""

from nldissect.wire import U32, U64, AttrSet, Flag, Flags, Nest, Text, bind_genl


class SUNRPC_CACHE_TYPE(Flags):
    IP_MAP   = 1
    UNIX_GID = 2


class SUNRPC_A_CACHE_NOTIFY(AttrSet):
    CACHE_TYPE = U32(1, SUNRPC_CACHE_TYPE)

    template = "{SUNRPC_A_CACHE_NOTIFY_CACHE_TYPE}"


class SUNRPC_A_IP_MAP(AttrSet):
    SEQNO    = U64(1)
    CLASS    = Text(2)
    ADDR     = Text(3)
    DOMAIN   = Text(4)
    NEGATIVE = Flag(5)
    EXPIRY   = U64(6)                               # seconds since 1970


class SUNRPC_A_IP_MAP_REQS(AttrSet):
    REQUESTS = Nest(1, SUNRPC_A_IP_MAP, many=True)

    template = "[{SUNRPC_A_IP_MAP_CLASS} ][{SUNRPC_A_IP_MAP_ADDR} ][is {SUNRPC_A_IP_MAP_DOMAIN}]"


class SUNRPC_A_UNIX_GID(AttrSet):
    SEQNO    = U64(1)
    UID      = U32(2)
    GIDS     = U32(3, many=True)
    NEGATIVE = Flag(4)
    EXPIRY   = U64(5)


class SUNRPC_A_UNIX_GID_REQS(AttrSet):
    REQUESTS = Nest(1, SUNRPC_A_UNIX_GID, many=True)

    template = "[uid {SUNRPC_A_UNIX_GID_UID} ][gids {SUNRPC_A_UNIX_GID_GIDS*}]"


class SUNRPC_A_CACHE_FLUSH(AttrSet):
    MASK = U32(1, SUNRPC_CACHE_TYPE)

    template = "{SUNRPC_A_CACHE_FLUSH_MASK}"


bind_genl(SUNRPC_A_CACHE_NOTIFY, "sunrpc", SUNRPC_CMD_CACHE_NOTIFY=1)
bind_genl(SUNRPC_A_IP_MAP_REQS, "sunrpc", SUNRPC_CMD_IP_MAP_GET_REQS=2, SUNRPC_CMD_IP_MAP_SET_REQS=3)
bind_genl(SUNRPC_A_UNIX_GID_REQS, "sunrpc", SUNRPC_CMD_UNIX_GID_GET_REQS=4, SUNRPC_CMD_UNIX_GID_SET_REQS=5)
bind_genl(SUNRPC_A_CACHE_FLUSH, "sunrpc", SUNRPC_CMD_CACHE_FLUSH=6)
