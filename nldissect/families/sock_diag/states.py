"""What the socket monitoring families share: socket states, types, memory (linux/sock_diag.h, net/tcp_states.h)."""

from nldissect.wire import U32, AttrSet, Blob, Enum, Flags, Message, Nest, Pad


class TCP(Enum):
    ESTABLISHED    = 1
    SYN_SENT       = 2
    SYN_RECV       = 3
    FIN_WAIT1      = 4
    FIN_WAIT2      = 5
    TIME_WAIT      = 6
    CLOSE          = 7
    CLOSE_WAIT     = 8
    LAST_ACK       = 9
    LISTEN         = 10
    CLOSING        = 11
    NEW_SYN_RECV   = 12
    BOUND_INACTIVE = 13


class TCPF(Flags):
    ESTABLISHED    = 0x0002
    SYN_SENT       = 0x0004
    SYN_RECV       = 0x0008
    FIN_WAIT1      = 0x0010
    FIN_WAIT2      = 0x0020
    TIME_WAIT      = 0x0040
    CLOSE          = 0x0080
    CLOSE_WAIT     = 0x0100
    LAST_ACK       = 0x0200
    LISTEN         = 0x0400
    CLOSING        = 0x0800
    NEW_SYN_RECV   = 0x1000
    BOUND_INACTIVE = 0x2000


class SOCK(Enum):
    STREAM    = 1
    DGRAM     = 2
    RAW       = 3
    RDM       = 4
    SEQPACKET = 5
    DCCP      = 6
    PACKET    = 10


class SHUTDOWN(Flags, prefix=""):
    RCV_SHUTDOWN  = 1
    SEND_SHUTDOWN = 2


class sk_meminfo(Message):
    """An array of u32 in C, indexed by these constants."""

    fields_desc = [
        U32.of("SK_MEMINFO_RMEM_ALLOC"), U32.of("SK_MEMINFO_RCVBUF"), U32.of("SK_MEMINFO_WMEM_ALLOC"),
        U32.of("SK_MEMINFO_SNDBUF"), U32.of("SK_MEMINFO_FWD_ALLOC"), U32.of("SK_MEMINFO_WMEM_QUEUED"),
        U32.of("SK_MEMINFO_OPTMEM"), U32.of("SK_MEMINFO_BACKLOG"), U32.of("SK_MEMINFO_DROPS"),
    ]


class SK_DIAG_BPF_STORAGE_REQ(AttrSet):
    MAP_FD = U32(1, many=True)


class SK_DIAG_BPF_STORAGE(AttrSet):
    PAD       = Pad(1)
    MAP_ID    = U32(2)
    MAP_VALUE = Blob(3, "value of a BPF map, laid out by the program that owns it")


class SK_DIAG_BPF(AttrSet):
    STORAGE = Nest(1, SK_DIAG_BPF_STORAGE, many=True)
