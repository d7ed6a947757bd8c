"""Peers and keys of OpenVPN's data channel (linux/ovpn.h, drivers/net/ovpn/); since 6.16.

Newer than that: OVPN_CMD_PEER_FLOAT_NTF and TX_ID (7.0 and later).
"""

from nldissect.wire import S32, U32, Addr, AttrSet, Be16, Enum, Nest, Secret, Uint, bind_genl


class OVPN_CIPHER_ALG(Enum):
    NONE              = 0
    AES_GCM           = 1
    CHACHA20_POLY1305 = 2


class OVPN_DEL_PEER_REASON(Enum):
    TEARDOWN             = 0
    USERSPACE            = 1
    EXPIRED              = 2
    TRANSPORT_ERROR      = 3
    TRANSPORT_DISCONNECT = 4


class OVPN_KEY_SLOT(Enum):
    PRIMARY   = 0
    SECONDARY = 1


class OVPN_A_PEER(AttrSet):
    ID                   = U32(1)
    REMOTE_IPV4          = Addr(2, 4)
    REMOTE_IPV6          = Addr(3, 16)
    REMOTE_IPV6_SCOPE_ID = U32(4, refers="interface")
    REMOTE_PORT          = Be16(5)
    SOCKET               = U32(6)
    SOCKET_NETNSID       = S32(7)
    VPN_IPV4             = Addr(8, 4)
    VPN_IPV6             = Addr(9, 16)
    LOCAL_IPV4           = Addr(10, 4)
    LOCAL_IPV6           = Addr(11, 16)
    LOCAL_PORT           = Be16(12)
    KEEPALIVE_INTERVAL   = U32(13, measure="s")
    KEEPALIVE_TIMEOUT    = U32(14, measure="s")
    DEL_REASON           = U32(15, OVPN_DEL_PEER_REASON)
    VPN_RX_BYTES         = Uint(16)
    VPN_TX_BYTES         = Uint(17)
    VPN_RX_PACKETS       = Uint(18)
    VPN_TX_PACKETS       = Uint(19)
    LINK_RX_BYTES        = Uint(20)
    LINK_TX_BYTES        = Uint(21)
    LINK_RX_PACKETS      = Uint(22)
    LINK_TX_PACKETS      = Uint(23)
    TX_ID                = U32(24)


class OVPN_A_KEYDIR(AttrSet):
    CIPHER_KEY = Secret(1)
    NONCE_TAIL = Secret(2, 8)


class OVPN_A_KEYCONF(AttrSet):
    PEER_ID     = U32(1)
    SLOT        = U32(2, OVPN_KEY_SLOT)
    KEY_ID      = U32(3)
    CIPHER_ALG  = U32(4, OVPN_CIPHER_ALG)
    ENCRYPT_DIR = Nest(5, OVPN_A_KEYDIR)
    DECRYPT_DIR = Nest(6, OVPN_A_KEYDIR)


class OVPN_A(AttrSet):
    IFINDEX = U32(1, refers="interface")
    PEER    = Nest(2, OVPN_A_PEER)
    KEYCONF = Nest(3, OVPN_A_KEYCONF)

    template = (
        "[dev {OVPN_A_IFINDEX} ][peer {OVPN_A_PEER_ID|OVPN_A_KEYCONF_PEER_ID} ]"
        "[remote {OVPN_A_PEER_REMOTE_IPV4|OVPN_A_PEER_REMOTE_IPV6}:{OVPN_A_PEER_REMOTE_PORT} ]"
        "[vpn {OVPN_A_PEER_VPN_IPV4} ][{OVPN_A_PEER_VPN_IPV6} ][keepalive {OVPN_A_PEER_KEEPALIVE_INTERVAL} ]"
        "[{OVPN_A_PEER_DEL_REASON} ][rx {OVPN_A_PEER_VPN_RX_BYTES} bytes ][tx {OVPN_A_PEER_VPN_TX_BYTES} bytes ]"
        "[{OVPN_A_KEYCONF_SLOT} ][key {OVPN_A_KEYCONF_KEY_ID} ][{OVPN_A_KEYCONF_CIPHER_ALG}]"
    )


bind_genl(
    OVPN_A,
    "ovpn",
    OVPN_CMD_PEER_NEW=1,
    OVPN_CMD_PEER_SET=2,
    OVPN_CMD_PEER_GET=3,
    OVPN_CMD_PEER_DEL=4,
    OVPN_CMD_PEER_DEL_NTF=5,
    OVPN_CMD_KEY_NEW=6,
    OVPN_CMD_KEY_GET=7,
    OVPN_CMD_KEY_SWAP=8,
    OVPN_CMD_KEY_SWAP_NTF=9,
    OVPN_CMD_KEY_DEL=10,
    OVPN_CMD_PEER_FLOAT_NTF=11,
)
