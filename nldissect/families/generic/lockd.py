"""The NFS lock manager (linux/lockd_netlink.h); since 6.15."""

from nldissect.wire import U16, U32, AttrSet, bind_genl


class LOCKD_A_SERVER(AttrSet):
    GRACETIME = U32(1, measure="s")
    TCP_PORT  = U16(2)
    UDP_PORT  = U16(3)

    template = "[grace {LOCKD_A_SERVER_GRACETIME} ][tcp {LOCKD_A_SERVER_TCP_PORT} ][udp {LOCKD_A_SERVER_UDP_PORT}]"


bind_genl(LOCKD_A_SERVER, "lockd", LOCKD_CMD_SERVER_SET=1, LOCKD_CMD_SERVER_GET=2)
