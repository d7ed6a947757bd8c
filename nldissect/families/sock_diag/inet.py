"""Internet sockets: TCP, UDP, raw, MPTCP, SCTP (linux/inet_diag.h, net/ipv4/inet_diag.c)."""

from nldissect.wire import (
    NETLINK_SOCK_DIAG,
    U8,
    U16,
    U32,
    U64,
    Addr,
    Array,
    Attrs,
    AttrSet,
    Be16,
    Enum,
    Flags,
    Le16,
    Message,
    Nest,
    Pad,
    Secret,
    Struct,
    Structs,
    Text,
    Tlv,
    bind_attrs,
    bind_message,
    bind_obsolete,
)

from ..common import AF, IPPROTO
from .bytecode import INET_DIAG_BC
from .sctp import sctp_info, sockaddr_storage
from .states import SHUTDOWN, SK_DIAG_BPF, SK_DIAG_BPF_STORAGE_REQ, TCP, TCPF, sk_meminfo
from .tcp_info import tcp_bbr_info, tcp_dctcp_info, tcp_info, tcpvegas_info
from .ulp import INET_ULP_INFO


class IDIAG_TIMER(Enum):
    OFF       = 0
    ON        = 1
    KEEPALIVE = 2
    TIMEWAIT  = 3
    PROBE0    = 4
    DELACK    = 5


class INET_DIAG_EXT(Flags, prefix="INET_DIAG"):
    """Bit n - 1 asks for attribute n."""

    MEMINFO   = 0x01
    INFO      = 0x02
    VEGASINFO = 0x04
    CONG      = 0x08
    TOS       = 0x10
    TCLASS    = 0x20
    SKMEMINFO = 0x40
    SHUTDOWN  = 0x80


class inet_diag_sockopt(Flags, prefix=""):
    """Bit-fields of one bit each in C; the numbers are those of a little-endian host."""

    recverr              = 0x0001
    is_icsk              = 0x0002
    freebind             = 0x0004
    hdrincl              = 0x0008
    mc_loop              = 0x0010
    transparent          = 0x0020
    mc_all               = 0x0040
    nodefrag             = 0x0080
    bind_address_no_port = 0x0100
    recverr_rfc4884      = 0x0200
    defer_connect        = 0x0400


class inet_diag_meminfo(Message):
    fields_desc = [U32.of("idiag_rmem"), U32.of("idiag_wmem"), U32.of("idiag_fmem"), U32.of("idiag_tmem")]


class tcp_diag_md5sig(Message):
    fields_desc = [
        U8.of("tcpm_family", AF), U8.of("tcpm_prefixlen"), U16.of("tcpm_keylen"),
        Addr.of("tcpm_addr", 16, family="tcpm_family", prefix="tcpm_prefixlen"), Secret.of("tcpm_key", 80),
    ]


class INET_DIAG(AttrSet):
    MEMINFO         = Struct(1, inet_diag_meminfo)
    INFO            = Struct(2, tcp_info)
    VEGASINFO       = Struct(3, tcpvegas_info)
    CONG            = Text(4)
    TOS             = U8(5, base=16)
    TCLASS          = U8(6, base=16)
    SKMEMINFO       = Struct(7, sk_meminfo)
    SHUTDOWN        = U8(8, SHUTDOWN)
    DCTCPINFO       = Struct(9, tcp_dctcp_info)
    PROTOCOL        = U8(10, IPPROTO)
    SKV6ONLY        = U8(11)
    LOCALS          = Structs(12, sockaddr_storage)
    PEERS           = Structs(13, sockaddr_storage)
    PAD             = Pad(14)
    MARK            = U32(15, base=16)
    BBRINFO         = Struct(16, tcp_bbr_info)
    CLASS_ID        = U32(17, base=16)
    MD5SIG          = Structs(18, tcp_diag_md5sig)
    ULP_INFO        = Nest(19, INET_ULP_INFO)
    SK_BPF_STORAGES = Nest(20, SK_DIAG_BPF)
    CGROUP_ID       = U64(21)
    SOCKOPT         = Le16(22, inet_diag_sockopt)


bind_attrs(INET_DIAG.INFO, sctp_info, LOCALS=True)


class INET_DIAG_REQ(AttrSet):
    BYTECODE        = Tlv(1, "BB", INET_DIAG_BC, whole=True)
    SK_BPF_STORAGES = Nest(2, SK_DIAG_BPF_STORAGE_REQ)
    PROTOCOL        = U32(3, IPPROTO)


class inet_diag_sockid(Message):
    fields_desc = [
        Be16.of("idiag_sport"), Be16.of("idiag_dport"), Addr.of("idiag_src", 16, family="idiag_family"),
        Addr.of("idiag_dst", 16, family="idiag_family"), U32.of("idiag_if", refers="interface"),
        Array.of("idiag_cookie", U32, length=2),
    ]


class inet_diag_req(Message):
    """The request of kernels before 3.3, still answered."""

    fields_desc = [
        U8.of("idiag_family", AF), U8.of("idiag_src_len"), U8.of("idiag_dst_len"), U8.of("idiag_ext", INET_DIAG_EXT),
        Struct.of("id", inet_diag_sockid), U32.of("idiag_states", TCPF), U32.of("idiag_dbs"),
        Attrs("attrs", INET_DIAG_REQ),
    ]
    summary = "{idiag_family}[ ext {idiag_ext}][ filter of {INET_DIAG_REQ_BYTECODE#}]"


class inet_diag_sockid_v2(Message):
    """struct inet_diag_sockid where the header calls its family sdiag_family."""

    fields_desc = [
        Be16.of("idiag_sport"), Be16.of("idiag_dport"), Addr.of("idiag_src", 16, family="sdiag_family"),
        Addr.of("idiag_dst", 16, family="sdiag_family"), U32.of("idiag_if", refers="interface"),
        Array.of("idiag_cookie", U32, length=2),
    ]


class inet_diag_req_v2(Message):
    """`pad` names the protocol of raw sockets (struct inet_diag_req_raw)."""

    fields_desc = [
        U8.of("sdiag_family", AF), U8.of("sdiag_protocol", IPPROTO), U8.of("idiag_ext", INET_DIAG_EXT), U8.of("pad"),
        U32.of("idiag_states", TCPF), Struct.of("id", inet_diag_sockid_v2), Attrs("attrs", INET_DIAG_REQ),
    ]
    summary = "{sdiag_family} {sdiag_protocol}[ ext {idiag_ext}][ filter of {INET_DIAG_REQ_BYTECODE#}]"


class inet_diag_msg(Message):
    fields_desc = [
        U8.of("idiag_family", AF), U8.of("idiag_state", TCP), U8.of("idiag_timer", IDIAG_TIMER), U8.of("idiag_retrans"),
        Struct.of("id", inet_diag_sockid), U32.of("idiag_expires", measure="ms"), U32.of("idiag_rqueue"),
        U32.of("idiag_wqueue", silent=(0xFFFF_FFFF,)),               # -1 of a UDP socket that is gone
        U32.of("idiag_uid"), U32.of("idiag_inode"), Attrs("attrs", INET_DIAG),
    ]
    summary = (
        "[{INET_DIAG_PROTOCOL} ]{idiag_state}[ recv-q {idiag_rqueue}][ send-q {idiag_wqueue}] {idiag_src}:{idiag_sport}"
        " {idiag_dst}:{idiag_dport} uid {idiag_uid} ino {idiag_inode}[ {INET_DIAG_CONG}]"
    )


INTERNET = (AF.INET, AF.INET6)

bind_message(inet_diag_req, NETLINK_SOCK_DIAG, to="kernel", TCPDIAG_GETSOCK=18, DCCPDIAG_GETSOCK=19)
bind_message(inet_diag_msg, NETLINK_SOCK_DIAG, to="user", TCPDIAG_GETSOCK=18, DCCPDIAG_GETSOCK=19)
bind_message(
    inet_diag_req_v2, NETLINK_SOCK_DIAG, to="kernel", first=INTERNET, SOCK_DIAG_BY_FAMILY=20, SOCK_DESTROY=21
)
bind_message(inet_diag_msg, NETLINK_SOCK_DIAG, to="user", first=INTERNET, SOCK_DIAG_BY_FAMILY=20)
bind_obsolete(NETLINK_SOCK_DIAG, "TCPDIAG_GETSOCK DCCPDIAG_GETSOCK", instead="SOCK_DIAG_BY_FAMILY")
