"""Link kinds with few attributes: dsa, ipoib, ppp, batadv, ovpn, caif (linux/if_link.h, batman_adv.h, if_caif.h)."""

from nldissect.wire import S32, U8, U16, U32, AttrSet, Enum, Text, bind_attrs

from .link import IFLA_INFO


class IPOIB_MODE(Enum):
    DATAGRAM  = 0
    CONNECTED = 1


class OVPN_MODE(Enum):
    P2P = 0
    MP  = 1


class IFLA_DSA(AttrSet):
    CONDUIT = U32(1, refers="interface", also="MASTER")


class IFLA_IPOIB(AttrSet):
    PKEY   = U16(1, base=16)
    MODE   = U16(2, IPOIB_MODE)
    UMCAST = U16(3)


class IFLA_PPP(AttrSet):
    DEV_FD = S32(1)


class IFLA_BATADV(AttrSet):
    ALGO_NAME = Text(1)


class IFLA_OVPN(AttrSet):
    MODE = U8(1, OVPN_MODE)


class IFLA_CAIF(AttrSet):
    IPV4_CONNID = U32(1)
    IPV6_CONNID = U32(2)
    LOOPBACK    = U8(3)


bind_attrs(IFLA_INFO.DATA, IFLA_DSA, KIND="dsa")
bind_attrs(IFLA_INFO.DATA, IFLA_IPOIB, KIND="ipoib")
bind_attrs(IFLA_INFO.DATA, IFLA_PPP, KIND="ppp")
bind_attrs(IFLA_INFO.DATA, IFLA_BATADV, KIND="batadv")
bind_attrs(IFLA_INFO.DATA, IFLA_OVPN, KIND="ovpn")
bind_attrs(IFLA_INFO.DATA, IFLA_CAIF, KIND="caif")
