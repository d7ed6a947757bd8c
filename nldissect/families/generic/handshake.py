"""Requests of the kernel for a TLS handshake in user space (linux/handshake.h, net/handshake/).

Keys never travel here, only the serial numbers the kernel's key retention has for them. Newer than 6.12: KEYRING
(6.17).
"""

from nldissect.wire import ERRNO, S32, U32, AttrSet, Enum, Nest, Text, bind_genl


class HANDSHAKE_HANDLER_CLASS(Enum):
    NONE  = 0
    TLSHD = 1
    MAX   = 2


class HANDSHAKE_MSG_TYPE(Enum):
    UNSPEC      = 0
    CLIENTHELLO = 1
    SERVERHELLO = 2


class HANDSHAKE_AUTH(Enum):
    UNSPEC = 0
    UNAUTH = 1
    PSK    = 2
    X509   = 3


class HANDSHAKE_A_X509(AttrSet):
    CERT    = S32(1, base=16)
    PRIVKEY = S32(2, base=16)


class HANDSHAKE_A_ACCEPT(AttrSet):
    SOCKFD        = S32(1)
    HANDLER_CLASS = U32(2, HANDSHAKE_HANDLER_CLASS)
    MESSAGE_TYPE  = U32(3, HANDSHAKE_MSG_TYPE)
    TIMEOUT       = U32(4, measure="ms")
    AUTH_MODE     = U32(5, HANDSHAKE_AUTH)
    PEER_IDENTITY = U32(6, base=16, many=True)
    CERTIFICATE   = Nest(7, HANDSHAKE_A_X509, many=True)
    PEERNAME      = Text(8)
    KEYRING       = U32(9, base=16)

    template = (
        "[for {HANDSHAKE_A_ACCEPT_HANDLER_CLASS} ][socket {HANDSHAKE_A_ACCEPT_SOCKFD} ]"
        "[{HANDSHAKE_A_ACCEPT_MESSAGE_TYPE} ][auth {HANDSHAKE_A_ACCEPT_AUTH_MODE} ]"
        "[peer {HANDSHAKE_A_ACCEPT_PEERNAME} ][identities {HANDSHAKE_A_ACCEPT_PEER_IDENTITY*} ]"
        "[timeout {HANDSHAKE_A_ACCEPT_TIMEOUT} ][keyring {HANDSHAKE_A_ACCEPT_KEYRING}]"
    )


class HANDSHAKE_A_DONE(AttrSet):
    STATUS      = U32(1, ERRNO)
    SOCKFD      = S32(2)
    REMOTE_AUTH = U32(3, base=16, many=True)

    template = (
        "[socket {HANDSHAKE_A_DONE_SOCKFD} ][status {HANDSHAKE_A_DONE_STATUS} ]"
        "[remote {HANDSHAKE_A_DONE_REMOTE_AUTH*}]"
    )


bind_genl(HANDSHAKE_A_ACCEPT, "handshake", HANDSHAKE_CMD_READY=1, HANDSHAKE_CMD_ACCEPT=2)
bind_genl(HANDSHAKE_A_DONE, "handshake", HANDSHAKE_CMD_DONE=3)
