"""The NFS server: threads, versions, listeners, running requests (linux/nfsd_netlink.h, fs/nfsd/nfsctl.c).

Newer than 6.12: MIN_THREADS (7.0), FH_KEY, the export caches that mountd fills and NFSD_CMD_UNLOCK_* (7.1 and later).
"""

from nldissect.wire import (
    S32,
    S64,
    U8,
    U32,
    U64,
    Addr,
    AttrSet,
    Be16,
    Be32,
    Blob,
    Enum,
    Flag,
    Flags,
    Nest,
    Pad,
    Secret,
    Struct,
    Text,
    bind_genl,
)

from ..common import kernel_sockaddr_storage


class NFSD_CACHE_TYPE(Flags):
    SVC_EXPORT = 1
    EXPKEY     = 2


class NFSEXP(Flags):
    """linux/nfsd/export.h"""

    READONLY        = 0x00001
    INSECURE_PORT   = 0x00002
    ROOTSQUASH      = 0x00004
    ALLSQUASH       = 0x00008
    ASYNC           = 0x00010
    GATHERED_WRITES = 0x00020
    NOREADDIRPLUS   = 0x00040
    SECURITY_LABEL  = 0x00080
    NOHIDE          = 0x00200
    NOSUBTREECHECK  = 0x00400
    NOAUTHNLM       = 0x00800
    MSNFS           = 0x01000
    FSID            = 0x02000
    CROSSMOUNT      = 0x04000
    NOACL           = 0x08000
    V4ROOT          = 0x10000
    PNFS            = 0x20000


class NFSEXP_XPRTSEC(Flags):
    NONE = 1
    TLS  = 2
    MTLS = 4


class RQ(Flags):
    """Bits of struct svc_rqst's rq_flags (linux/sunrpc/svc.h)."""

    SECURE      = 0x01
    LOCAL       = 0x02
    USEDEFERRAL = 0x04
    DROPME      = 0x08
    VICTIM      = 0x10
    DATA        = 0x20


class OP(Enum):
    """Operations of an NFSv4 compound (linux/nfs4.h)."""

    ACCESS               = 3
    CLOSE                = 4
    COMMIT               = 5
    CREATE               = 6
    DELEGPURGE           = 7
    DELEGRETURN          = 8
    GETATTR              = 9
    GETFH                = 10
    LINK                 = 11
    LOCK                 = 12
    LOCKT                = 13
    LOCKU                = 14
    LOOKUP               = 15
    LOOKUPP              = 16
    NVERIFY              = 17
    OPEN                 = 18
    OPENATTR             = 19
    OPEN_CONFIRM         = 20
    OPEN_DOWNGRADE       = 21
    PUTFH                = 22
    PUTPUBFH             = 23
    PUTROOTFH            = 24
    READ                 = 25
    READDIR              = 26
    READLINK             = 27
    REMOVE               = 28
    RENAME               = 29
    RENEW                = 30
    RESTOREFH            = 31
    SAVEFH               = 32
    SECINFO              = 33
    SETATTR              = 34
    SETCLIENTID          = 35
    SETCLIENTID_CONFIRM  = 36
    VERIFY               = 37
    WRITE                = 38
    RELEASE_LOCKOWNER    = 39
    BACKCHANNEL_CTL      = 40
    BIND_CONN_TO_SESSION = 41
    EXCHANGE_ID          = 42
    CREATE_SESSION       = 43
    DESTROY_SESSION      = 44
    FREE_STATEID         = 45
    GET_DIR_DELEGATION   = 46
    GETDEVICEINFO        = 47
    GETDEVICELIST        = 48
    LAYOUTCOMMIT         = 49
    LAYOUTGET            = 50
    LAYOUTRETURN         = 51
    SECINFO_NO_NAME      = 52
    SEQUENCE             = 53
    SET_SSV              = 54
    TEST_STATEID         = 55
    WANT_DELEGATION      = 56
    DESTROY_CLIENTID     = 57
    RECLAIM_COMPLETE     = 58
    ALLOCATE             = 59
    COPY                 = 60
    COPY_NOTIFY          = 61
    DEALLOCATE           = 62
    IO_ADVISE            = 63
    LAYOUTERROR          = 64
    LAYOUTSTATS          = 65
    OFFLOAD_CANCEL       = 66
    OFFLOAD_STATUS       = 67
    READ_PLUS            = 68
    SEEK                 = 69
    WRITE_SAME           = 70
    CLONE                = 71
    GETXATTR             = 72
    SETXATTR             = 73
    LISTXATTRS           = 74
    REMOVEXATTR          = 75
    ILLEGAL              = 10044


class NFSD_A_RPC_STATUS(AttrSet):
    XID          = Be32(1, base=16)
    FLAGS        = U32(2, RQ)
    PROG         = U32(3)
    VERSION      = U8(4)
    PROC         = U32(5)
    SERVICE_TIME = S64(6)                           # microseconds since boot
    PAD          = Pad(7)
    SADDR4       = Addr(8, 4)
    DADDR4       = Addr(9, 4)
    SADDR6       = Addr(10, 16)
    DADDR6       = Addr(11, 16)
    SPORT        = Be16(12)
    DPORT        = Be16(13)
    COMPOUND_OPS = U32(14, OP, many=True)

    template = (
        "[{NFSD_A_RPC_STATUS_SADDR4|NFSD_A_RPC_STATUS_SADDR6}:{NFSD_A_RPC_STATUS_SPORT} -> ]"
        "[{NFSD_A_RPC_STATUS_DADDR4|NFSD_A_RPC_STATUS_DADDR6}:{NFSD_A_RPC_STATUS_DPORT} ]"
        "[xid {NFSD_A_RPC_STATUS_XID} ][v{NFSD_A_RPC_STATUS_VERSION} ][proc {NFSD_A_RPC_STATUS_PROC} ]"
        "[{NFSD_A_RPC_STATUS_COMPOUND_OPS*}]"
    )


class NFSD_A_SERVER(AttrSet):
    THREADS     = U32(1, many=True)                 # one a pool
    GRACETIME   = U32(2, measure="s")
    LEASETIME   = U32(3, measure="s")
    SCOPE       = Text(4)
    MIN_THREADS = U32(5)
    FH_KEY      = Secret(6, 16)

    template = (
        "[threads {NFSD_A_SERVER_THREADS*} ][at least {NFSD_A_SERVER_MIN_THREADS} ][grace {NFSD_A_SERVER_GRACETIME} ]"
        "[lease {NFSD_A_SERVER_LEASETIME} ][scope {NFSD_A_SERVER_SCOPE} ][{?NFSD_A_SERVER_FH_KEY}key of file handles]"
    )


class NFSD_A_VERSION(AttrSet):
    MAJOR   = U32(1)
    MINOR   = U32(2)
    ENABLED = Flag(3)


class NFSD_A_SERVER_PROTO(AttrSet):
    VERSION = Nest(1, NFSD_A_VERSION, many=True)

    template = "[majors {NFSD_A_VERSION_MAJOR*} ][minors {NFSD_A_VERSION_MINOR*}]"


class NFSD_A_SOCK(AttrSet):
    ADDR           = Struct(1, kernel_sockaddr_storage)
    TRANSPORT_NAME = Text(2)


class NFSD_A_SERVER_SOCK(AttrSet):
    ADDR = Nest(1, NFSD_A_SOCK, many=True)

    template = "[{NFSD_A_SOCK_TRANSPORT_NAME} ][{sin_addr|sin6_addr}:{sin_port|sin6_port}]"


class NFSD_A_POOL_MODE(AttrSet):
    MODE   = Text(1)
    NPOOLS = U32(2)

    template = "[{NFSD_A_POOL_MODE_MODE} ][pools {NFSD_A_POOL_MODE_NPOOLS}]"


class NFSD_A_CACHE_NOTIFY(AttrSet):
    CACHE_TYPE = U32(1, NFSD_CACHE_TYPE)

    template = "{NFSD_A_CACHE_NOTIFY_CACHE_TYPE}"


class NFSD_A_FSLOCATION(AttrSet):
    HOST = Text(1)
    PATH = Text(2)


class NFSD_A_FSLOCATIONS(AttrSet):
    LOCATION = Nest(1, NFSD_A_FSLOCATION, many=True)


class NFSD_A_AUTH_FLAVOR(AttrSet):
    PSEUDOFLAVOR = U32(1)
    FLAGS        = U32(2, NFSEXP)


class NFSD_A_SVC_EXPORT(AttrSet):
    SEQNO       = U64(1)
    CLIENT      = Text(2)
    PATH        = Text(3)
    NEGATIVE    = Flag(4)
    EXPIRY      = U64(5)                            # seconds since 1970
    ANON_UID    = U32(6)
    ANON_GID    = U32(7)
    FSLOCATIONS = Nest(8, NFSD_A_FSLOCATIONS)
    UUID        = Blob(9, "names a file system")
    SECINFO     = Nest(10, NFSD_A_AUTH_FLAVOR, many=True)
    XPRTSEC     = U32(11, NFSEXP_XPRTSEC, many=True)
    FLAGS       = U32(12, NFSEXP)
    FSID        = S32(13)


class NFSD_A_SVC_EXPORT_REQS(AttrSet):
    REQUESTS = Nest(1, NFSD_A_SVC_EXPORT, many=True)

    template = "[{NFSD_A_SVC_EXPORT_CLIENT} ][{NFSD_A_SVC_EXPORT_PATH} ][{NFSD_A_SVC_EXPORT_FLAGS}]"


class NFSD_A_EXPKEY(AttrSet):
    SEQNO    = U64(1)
    CLIENT   = Text(2)
    FSIDTYPE = U8(3)
    FSID     = Blob(4, "names a file system, as FSIDTYPE has it")
    NEGATIVE = Flag(5)
    EXPIRY   = U64(6)
    PATH     = Text(7)


class NFSD_A_EXPKEY_REQS(AttrSet):
    REQUESTS = Nest(1, NFSD_A_EXPKEY, many=True)

    template = "[{NFSD_A_EXPKEY_CLIENT} ][{NFSD_A_EXPKEY_PATH}]"


class NFSD_A_CACHE_FLUSH(AttrSet):
    MASK = U32(1, NFSD_CACHE_TYPE)

    template = "{NFSD_A_CACHE_FLUSH_MASK}"


class NFSD_A_UNLOCK_IP(AttrSet):
    ADDRESS = Struct(1, kernel_sockaddr_storage)

    template = "{sin_addr|sin6_addr}"


class NFSD_A_UNLOCK_FILESYSTEM(AttrSet):
    PATH = Text(1)

    template = "{NFSD_A_UNLOCK_FILESYSTEM_PATH}"


class NFSD_A_UNLOCK_EXPORT(AttrSet):
    PATH = Text(1)

    template = "{NFSD_A_UNLOCK_EXPORT_PATH}"


bind_genl(NFSD_A_RPC_STATUS, "nfsd", NFSD_CMD_RPC_STATUS_GET=1)
bind_genl(NFSD_A_SERVER, "nfsd", NFSD_CMD_THREADS_SET=2, NFSD_CMD_THREADS_GET=3)
bind_genl(NFSD_A_SERVER_PROTO, "nfsd", NFSD_CMD_VERSION_SET=4, NFSD_CMD_VERSION_GET=5)
bind_genl(NFSD_A_SERVER_SOCK, "nfsd", NFSD_CMD_LISTENER_SET=6, NFSD_CMD_LISTENER_GET=7)
bind_genl(NFSD_A_POOL_MODE, "nfsd", NFSD_CMD_POOL_MODE_SET=8, NFSD_CMD_POOL_MODE_GET=9)
bind_genl(NFSD_A_CACHE_NOTIFY, "nfsd", NFSD_CMD_CACHE_NOTIFY=10)
bind_genl(NFSD_A_SVC_EXPORT_REQS, "nfsd", NFSD_CMD_SVC_EXPORT_GET_REQS=11, NFSD_CMD_SVC_EXPORT_SET_REQS=12)
bind_genl(NFSD_A_EXPKEY_REQS, "nfsd", NFSD_CMD_EXPKEY_GET_REQS=13, NFSD_CMD_EXPKEY_SET_REQS=14)
bind_genl(NFSD_A_CACHE_FLUSH, "nfsd", NFSD_CMD_CACHE_FLUSH=15)
bind_genl(NFSD_A_UNLOCK_IP, "nfsd", NFSD_CMD_UNLOCK_IP=16)
bind_genl(NFSD_A_UNLOCK_FILESYSTEM, "nfsd", NFSD_CMD_UNLOCK_FILESYSTEM=17)
bind_genl(NFSD_A_UNLOCK_EXPORT, "nfsd", NFSD_CMD_UNLOCK_EXPORT=18)
