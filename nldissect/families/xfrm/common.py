"""Structs that states and policies share: selector, lifetimes, marks, algorithms, templates (linux/xfrm.h)."""

from nldissect.wire import (
    S32,
    U8,
    U16,
    U32,
    U64,
    Addr,
    Array,
    Be16,
    Be32,
    Enum,
    Flags,
    Message,
    Pad,
    Secret,
    Struct,
    Text,
)

from ..common import AF, IPPROTO


class XFRM_MODE(Enum):
    TRANSPORT         = 0
    TUNNEL            = 1
    ROUTEOPTIMIZATION = 2
    IN_TRIGGER        = 3
    BEET              = 4
    IPTFS             = 5


class XFRM_SHARE(Enum):
    ANY     = 0
    SESSION = 1
    USER    = 2
    UNIQUE  = 3


class XFRM_POLICY(Enum):
    """Direction of a policy."""

    IN  = 0
    OUT = 1
    FWD = 2


class XFRM_POLICY_ACTION(Enum, prefix="XFRM_POLICY"):
    ALLOW = 0
    BLOCK = 1


class XFRM_POLICY_FLAG(Flags, prefix="XFRM_POLICY"):
    LOCALOK     = 1
    ICMP        = 2
    CPU_ACQUIRE = 4


class XFRM_POLICY_TYPE(Enum):
    MAIN = 0
    SUB  = 1
    ANY  = 255


class XFRM_STATE(Flags):
    NOECN      = 0x01
    DECAP_DSCP = 0x02
    NOPMTUDISC = 0x04
    WILDRECV   = 0x08
    ICMP       = 0x10
    AF_UNSPEC  = 0x20
    ALIGN4     = 0x40
    ESN        = 0x80


class XFRM_SA_XFLAG(Flags):
    DONT_ENCAP_DSCP = 1
    OSEQ_MAY_WRAP   = 2


class XFRM_SA_DIR(Enum):
    IN  = 1
    OUT = 2


class XFRM_OFFLOAD(Flags):
    IPV6    = 1
    INBOUND = 2
    PACKET  = 4


class XFRM_INF(Enum, prefix=""):
    """Of limits: none."""

    XFRM_INF = 0xFFFFFFFFFFFFFFFF


class XFRM_SC_DOI(Enum):
    RESERVED = 0
    LSM      = 1


class XFRM_SC_ALG(Enum):
    RESERVED = 0
    SELINUX  = 1


class ENCAP(Enum, prefix=""):
    """What ESP is wrapped in (linux/udp.h)."""

    UDP_ENCAP_ESPINUDP_NON_IKE = 1
    UDP_ENCAP_ESPINUDP         = 2
    UDP_ENCAP_L2TPINUDP        = 3
    UDP_ENCAP_GTP0             = 4
    UDP_ENCAP_GTP1U            = 5
    UDP_ENCAP_RXRPC            = 6
    TCP_ENCAP_ESPINTCP         = 7


class xfrm_selector(Message):
    fields_desc = [
        Addr.of("daddr", 16, family="family", prefix="prefixlen_d"),
        Addr.of("saddr", 16, family="family", prefix="prefixlen_s"),
        Be16.of("dport"), Be16.of("dport_mask", base=16), Be16.of("sport"), Be16.of("sport_mask", base=16),
        U16.of("family", AF), U8.of("prefixlen_d"), U8.of("prefixlen_s"), U8.of("proto", IPPROTO), Pad.of("__pad", 3),
        S32.of("ifindex", refers="interface"), U32.of("user"),
    ]


class xfrm_id(Message):
    """Its family stands in the struct around it."""

    fields_desc = [
        Addr.of("daddr", 16, family="family"), Be32.of("spi", base=16), U8.of("proto", IPPROTO), Pad.of("__pad", 3),
    ]


class xfrm_lifetime_cfg(Message):
    fields_desc = [
        U64.of("soft_byte_limit", XFRM_INF), U64.of("hard_byte_limit", XFRM_INF),
        U64.of("soft_packet_limit", XFRM_INF), U64.of("hard_packet_limit", XFRM_INF),
        U64.of("soft_add_expires_seconds", measure="s"), U64.of("hard_add_expires_seconds", measure="s"),
        U64.of("soft_use_expires_seconds", measure="s"), U64.of("hard_use_expires_seconds", measure="s"),
    ]


class xfrm_lifetime_cur(Message):
    fields_desc = [
        U64.of("bytes"), U64.of("packets"), U64.of("add_time", measure="time"), U64.of("use_time", measure="time"),
    ]


class xfrm_stats(Message):
    fields_desc = [U32.of("replay_window"), U32.of("replay"), U32.of("integrity_failed")]


class xfrm_replay_state(Message):
    fields_desc = [U32.of("oseq", base=16), U32.of("seq", base=16), U32.of("bitmap", base=16)]


class xfrm_replay_state_esn(Message):
    fields_desc = [
        U32.of("bmp_len"), U32.of("oseq", base=16), U32.of("seq", base=16), U32.of("oseq_hi", base=16),
        U32.of("seq_hi", base=16), U32.of("replay_window"), Array.of("bmp", U32(None, base=16), count="bmp_len"),
    ]


class xfrm_mark(Message):
    fields_desc = [U32.of("v", base=16), U32.of("m", base=16)]


class xfrm_algo(Message):
    """`alg_key_len` counts bits."""

    fields_desc = [
        Text.of("alg_name", 64), U32.of("alg_key_len"), Secret.of("alg_key", count="alg_key_len", unit=1 / 8),
    ]


class xfrm_algo_auth(Message):
    fields_desc = [
        Text.of("alg_name", 64), U32.of("alg_key_len"), U32.of("alg_trunc_len"),
        Secret.of("alg_key", count="alg_key_len", unit=1 / 8),
    ]


class xfrm_algo_aead(Message):
    fields_desc = [
        Text.of("alg_name", 64), U32.of("alg_key_len"), U32.of("alg_icv_len"),
        Secret.of("alg_key", count="alg_key_len", unit=1 / 8),
    ]


class xfrm_encap_tmpl(Message):
    fields_desc = [
        U16.of("encap_type", ENCAP), Be16.of("encap_sport"), Be16.of("encap_dport"), Pad.of("__pad", 2),
        Addr.of("encap_oa", 16, family="family"),
    ]


class xfrm_user_tmpl(Message):
    fields_desc = [
        Struct.of("id", xfrm_id), U16.of("family", AF), Pad.of("__pad1", 2), Addr.of("saddr", 16, family="family"),
        U32.of("reqid"), U8.of("mode", XFRM_MODE), U8.of("share", XFRM_SHARE), U8.of("optional"), Pad.of("__pad2", 1),
        U32.of("aalgos", base=16), U32.of("ealgos", base=16), U32.of("calgos", base=16),
    ]


class xfrm_user_sec_ctx(Message):
    fields_desc = [
        U16.of("len"), U16.of("exttype"), U8.of("ctx_alg", XFRM_SC_ALG), U8.of("ctx_doi", XFRM_SC_DOI),
        U16.of("ctx_len"), Text.of("ctx_str", count="ctx_len"),
    ]


class xfrm_userpolicy_type(Message):
    fields_desc = [
        U8.of("type", XFRM_POLICY_TYPE), Pad.of("__pad1", 1), U16.of("reserved1"), U8.of("reserved2"),
        Pad.of("__pad2", 1),
    ]


class xfrm_user_kmaddress(Message):
    fields_desc = [
        Addr.of("local", 16, family="family"), Addr.of("remote", 16, family="family"), U32.of("reserved"),
        U16.of("family", AF), Pad.of("__pad", 2),
    ]


class xfrm_user_migrate(Message):
    fields_desc = [
        Addr.of("old_daddr", 16, family="old_family"), Addr.of("old_saddr", 16, family="old_family"),
        Addr.of("new_daddr", 16, family="new_family"), Addr.of("new_saddr", 16, family="new_family"),
        U8.of("proto", IPPROTO), U8.of("mode", XFRM_MODE), U16.of("reserved"), U32.of("reqid"),
        U16.of("old_family", AF), U16.of("new_family", AF),
    ]


class xfrm_address_filter(Message):
    fields_desc = [
        Addr.of("saddr", 16, family="family"), Addr.of("daddr", 16, family="family"), U16.of("family", AF),
        U8.of("splen"), U8.of("dplen"),
    ]


class xfrm_user_offload(Message):
    fields_desc = [S32.of("ifindex", refers="interface"), U8.of("flags", XFRM_OFFLOAD), Pad.of("__pad", 3)]
