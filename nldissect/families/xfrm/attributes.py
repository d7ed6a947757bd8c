"""XFRMA: the attributes of every IPsec message (linux/xfrm.h, net/xfrm/xfrm_user.c)."""

from nldissect.wire import U8, U16, U32, U64, Addr, Attrs, AttrSet, Be32, Flag, Message, Pad, Struct, Structs

from ..common import AF, IPPROTO
from .common import (
    XFRM_MODE,
    XFRM_POLICY,
    XFRM_POLICY_ACTION,
    XFRM_POLICY_FLAG,
    XFRM_SA_DIR,
    XFRM_SA_XFLAG,
    XFRM_SHARE,
    XFRM_STATE,
    xfrm_address_filter,
    xfrm_algo,
    xfrm_algo_aead,
    xfrm_algo_auth,
    xfrm_encap_tmpl,
    xfrm_id,
    xfrm_lifetime_cfg,
    xfrm_lifetime_cur,
    xfrm_mark,
    xfrm_replay_state,
    xfrm_replay_state_esn,
    xfrm_selector,
    xfrm_stats,
    xfrm_user_kmaddress,
    xfrm_user_migrate,
    xfrm_user_offload,
    xfrm_user_sec_ctx,
    xfrm_user_tmpl,
    xfrm_userpolicy_type,
)

USERSA_INFO = [
    Struct.of("sel", xfrm_selector), Struct.of("id", xfrm_id), Addr.of("saddr", 16, family="family"),
    Struct.of("lft", xfrm_lifetime_cfg), Struct.of("curlft", xfrm_lifetime_cur), Struct.of("stats", xfrm_stats),
    U32.of("seq", base=16), U32.of("reqid"), U16.of("family", AF), U8.of("mode", XFRM_MODE), U8.of("replay_window"),
    U8.of("flags", XFRM_STATE), Pad.of("__pad", 7),
]

USERSA_ID = [
    Addr.of("daddr", 16, family="family"), Be32.of("spi", base=16), U16.of("family", AF), U8.of("proto", IPPROTO),
    Pad.of("__pad", 1),
]

USERPOLICY_INFO = [
    Struct.of("sel", xfrm_selector), Struct.of("lft", xfrm_lifetime_cfg), Struct.of("curlft", xfrm_lifetime_cur),
    U32.of("priority"), U32.of("index"), U8.of("dir", XFRM_POLICY), U8.of("action", XFRM_POLICY_ACTION),
    U8.of("flags", XFRM_POLICY_FLAG), U8.of("share", XFRM_SHARE), Pad.of("__pad", 4),
]


class usersa_info(Message):
    """struct xfrm_usersa_info inside another struct or attribute."""

    fields_desc = [*USERSA_INFO]


class usersa_id(Message):
    """struct xfrm_usersa_id inside another struct."""

    fields_desc = [*USERSA_ID]


class userpolicy_info(Message):
    """struct xfrm_userpolicy_info inside another struct or attribute."""

    fields_desc = [*USERPOLICY_INFO]


class XFRMA(AttrSet):
    ALG_AUTH               = Struct(1, xfrm_algo)
    ALG_CRYPT              = Struct(2, xfrm_algo)
    ALG_COMP               = Struct(3, xfrm_algo)
    ENCAP                  = Struct(4, xfrm_encap_tmpl)
    TMPL                   = Structs(5, xfrm_user_tmpl)
    SA                     = Struct(6, usersa_info)
    POLICY                 = Struct(7, userpolicy_info)
    SEC_CTX                = Struct(8, xfrm_user_sec_ctx)
    LTIME_VAL              = Struct(9, xfrm_lifetime_cur)
    REPLAY_VAL             = Struct(10, xfrm_replay_state)
    REPLAY_THRESH          = U32(11)
    ETIMER_THRESH          = U32(12)                            # in steps of 100 ms
    SRCADDR                = Addr(13, 16, family="family")
    COADDR                 = Addr(14, 16, family="family")
    LASTUSED               = U64(15, measure="time")
    POLICY_TYPE            = Struct(16, xfrm_userpolicy_type)
    MIGRATE                = Structs(17, xfrm_user_migrate)
    ALG_AEAD               = Struct(18, xfrm_algo_aead)
    KMADDRESS              = Struct(19, xfrm_user_kmaddress)
    ALG_AUTH_TRUNC         = Struct(20, xfrm_algo_auth)
    MARK                   = Struct(21, xfrm_mark)
    TFCPAD                 = U32(22)
    REPLAY_ESN_VAL         = Struct(23, xfrm_replay_state_esn)
    SA_EXTRA_FLAGS         = U32(24, XFRM_SA_XFLAG)
    PROTO                  = U8(25, IPPROTO, silent=(0,))              # any
    ADDRESS_FILTER         = Struct(26, xfrm_address_filter)
    PAD                    = Pad(27)
    OFFLOAD_DEV            = Struct(28, xfrm_user_offload)
    SET_MARK               = U32(29, base=16, also="OUTPUT_MARK")
    SET_MARK_MASK          = U32(30, base=16)
    IF_ID                  = U32(31, base=16)
    MTIMER_THRESH          = U32(32, measure="s")
    SA_DIR                 = U8(33, XFRM_SA_DIR)
    NAT_KEEPALIVE_INTERVAL = U32(34, measure="s")
    SA_PCPU                = U32(35)
    IPTFS_DROP_TIME        = U32(36, measure="us")
    IPTFS_REORDER_WINDOW   = U16(37)
    IPTFS_DONT_FRAG        = Flag(38)
    IPTFS_INIT_DELAY       = U32(39, measure="us")
    IPTFS_MAX_QSIZE        = U32(40)
    IPTFS_PKT_SIZE         = U32(41)


class xfrm_dump(Message):
    """Requests for all states or policies have attributes only, as flushing policies has."""

    fields_desc = [Attrs("attrs", XFRMA)]
    summary = "[proto {XFRMA_PROTO} ][ptype {XFRMA_POLICY_TYPE.type}]"
