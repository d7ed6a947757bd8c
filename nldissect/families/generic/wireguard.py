"""WireGuard devices and their peers (linux/wireguard.h, drivers/net/wireguard/netlink.c).

A peer or address that does not fit into one message goes on in the next, under the same public key. Newer than 6.12:
WGALLOWEDIP_A_FLAGS (6.16).
"""

from nldissect.wire import (
    S64,
    U8,
    U16,
    U32,
    U64,
    Addr,
    AttrSet,
    Base64,
    Flags,
    Message,
    Nests,
    Secret,
    Struct,
    Text,
    bind_flagged,
    bind_genl,
)

from ..common import AF, kernel_sockaddr_storage
from ..interfaces import bind_interface


class WGDEVICE_F(Flags):
    REPLACE_PEERS = 1


class WGPEER_F(Flags):
    REMOVE_ME          = 1
    REPLACE_ALLOWEDIPS = 2
    UPDATE_ONLY        = 4


class WGALLOWEDIP_F(Flags):
    REMOVE_ME = 1


class kernel_timespec(Message):
    """struct __kernel_timespec (linux/time_types.h)"""

    fields_desc = [S64.of("tv_sec"), S64.of("tv_nsec")]


class WGALLOWEDIP_A(AttrSet):
    FAMILY    = U16(1, AF)
    IPADDR    = Addr(2, family="WGALLOWEDIP_A_FAMILY")
    CIDR_MASK = U8(3)
    FLAGS     = U32(4, WGALLOWEDIP_F)


class WGPEER_A(AttrSet):
    PUBLIC_KEY                    = Base64(1, 32)
    PRESHARED_KEY                 = Secret(2, 32)
    FLAGS                         = U32(3, WGPEER_F)
    ENDPOINT                      = Struct(4, kernel_sockaddr_storage)
    PERSISTENT_KEEPALIVE_INTERVAL = U16(5, measure="s")
    LAST_HANDSHAKE_TIME           = Struct(6, kernel_timespec)
    RX_BYTES                      = U64(7)
    TX_BYTES                      = U64(8)
    ALLOWEDIPS                    = Nests(9, WGALLOWEDIP_A)
    PROTOCOL_VERSION              = U32(10)


class WGDEVICE_A(AttrSet):
    IFINDEX     = U32(1, refers="interface")
    IFNAME      = Text(2)
    PRIVATE_KEY = Secret(3, 32)
    PUBLIC_KEY  = Base64(4, 32)
    FLAGS       = U32(5, WGDEVICE_F)
    LISTEN_PORT = U16(6)
    FWMARK      = U32(7, base=16)
    PEERS       = Nests(8, WGPEER_A)

    template = (
        "[{WGDEVICE_A_IFNAME|WGDEVICE_A_IFINDEX} ][port {WGDEVICE_A_LISTEN_PORT} ][fwmark {WGDEVICE_A_FWMARK} ]"
        "[{WGDEVICE_A_FLAGS} ][peers {WGDEVICE_A_PEERS#} ]"
        "[peer {WGPEER_A_PUBLIC_KEY} ][{WGPEER_A_FLAGS} ]"
        "[endpoint {sin_addr|sin6_addr}:{sin_port|sin6_port} ]"
        "[allowed {WGALLOWEDIP_A_IPADDR}/{WGALLOWEDIP_A_CIDR_MASK} ]"
        "[keepalive {WGPEER_A_PERSISTENT_KEEPALIVE_INTERVAL} ][rx {WGPEER_A_RX_BYTES} bytes ]"
        "[tx {WGPEER_A_TX_BYTES} bytes]"
    )


bind_genl(WGDEVICE_A, "wireguard", WG_CMD_GET_DEVICE=0, WG_CMD_SET_DEVICE=1)
bind_flagged("wireguard")
bind_interface(
    "wireguard", "WGDEVICE_A_IFINDEX", "WGDEVICE_A_IFNAME", source="lookup_interface (drivers/net/wireguard/netlink.c)"
)
