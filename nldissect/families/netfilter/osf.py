"""Passive operating system fingerprints (linux/netfilter/nfnetlink_osf.h)."""

from nldissect.wire import (
    NETLINK_NETFILTER,
    U8,
    U16,
    U32,
    Attrs,
    AttrSet,
    Enum,
    Message,
    Struct,
    Structs,
    Text,
    bind_message,
)

from .nfnetlink import NFGENMSG


class OSF_WSS(Enum):
    PLAIN  = 0
    MSS    = 1
    MTU    = 2
    MODULO = 3


class OSFOPT(Enum):
    EOL       = 0
    NOP       = 1
    MSS       = 2
    WSO       = 3
    SACKP     = 4
    SACK      = 5
    ECHO      = 6
    ECHOREPLY = 7
    TS        = 8
    POCP      = 9
    POSP      = 10
    EMPTY     = 255


class nf_osf_wc(Message):
    fields_desc = [U32.of("wc", OSF_WSS), U32.of("val")]


class nf_osf_opt(Message):
    fields_desc = [U16.of("kind", OSFOPT), U16.of("length"), Struct.of("wc", nf_osf_wc)]


class nf_osf_user_finger(Message):
    fields_desc = [Struct.of("wss", nf_osf_wc), U8.of("ttl"), U8.of("df"), U16.of("ss"), U16.of("mss"),
                   U16.of("opt_num"), Text.of("genre", 32), Text.of("version", 32), Text.of("subtype", 32),
                   Structs.of("opt", nf_osf_opt, length=40)]


class OSF_ATTR(AttrSet):
    FINGER = Struct(1, nf_osf_user_finger)


class nfnl_osf(Message):
    fields_desc = [*NFGENMSG, Attrs("attrs", OSF_ATTR)]
    summary = "[{genre}] [{OSF_ATTR_FINGER.version}] [{subtype}] [ttl {ttl}] [mss {mss}]"


bind_message(nfnl_osf, NETLINK_NETFILTER, OSF_MSG_ADD=0x500, OSF_MSG_REMOVE=0x501)
