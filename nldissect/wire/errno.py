"""Error numbers of Linux (asm-generic/errno-base.h, errno.h). 524 is the kernel's own ENOTSUPP (linux/errno.h).

Numbers from 4096 on are ipset's (linux/netfilter/ipset/ip_set.h); from 4352 on each set type has its own, unnamed here.
"""

from typing import Any

from .enums import Enum
from .numbers import S32


class ERRNO(Enum, prefix=""):
    """Numbers that a netlink error carries negated."""

    EPERM = 1
    ENOENT = 2
    ESRCH = 3
    EINTR = 4
    EIO = 5
    ENXIO = 6
    E2BIG = 7
    ENOEXEC = 8
    EBADF = 9
    ECHILD = 10
    EAGAIN = 11
    ENOMEM = 12
    EACCES = 13
    EFAULT = 14
    ENOTBLK = 15
    EBUSY = 16
    EEXIST = 17
    EXDEV = 18
    ENODEV = 19
    ENOTDIR = 20
    EISDIR = 21
    EINVAL = 22
    ENFILE = 23
    EMFILE = 24
    ENOTTY = 25
    ETXTBSY = 26
    EFBIG = 27
    ENOSPC = 28
    ESPIPE = 29
    EROFS = 30
    EMLINK = 31
    EPIPE = 32
    EDOM = 33
    ERANGE = 34
    EDEADLK = 35
    ENAMETOOLONG = 36
    ENOLCK = 37
    ENOSYS = 38
    ENOTEMPTY = 39
    ELOOP = 40
    ENOMSG = 42
    EIDRM = 43
    ECHRNG = 44
    EL2NSYNC = 45
    EL3HLT = 46
    EL3RST = 47
    ELNRNG = 48
    EUNATCH = 49
    ENOCSI = 50
    EL2HLT = 51
    EBADE = 52
    EBADR = 53
    EXFULL = 54
    ENOANO = 55
    EBADRQC = 56
    EBADSLT = 57
    EBFONT = 59
    ENOSTR = 60
    ENODATA = 61
    ETIME = 62
    ENOSR = 63
    ENONET = 64
    ENOPKG = 65
    EREMOTE = 66
    ENOLINK = 67
    EADV = 68
    ESRMNT = 69
    ECOMM = 70
    EPROTO = 71
    EMULTIHOP = 72
    EDOTDOT = 73
    EBADMSG = 74
    EOVERFLOW = 75
    ENOTUNIQ = 76
    EBADFD = 77
    EREMCHG = 78
    ELIBACC = 79
    ELIBBAD = 80
    ELIBSCN = 81
    ELIBMAX = 82
    ELIBEXEC = 83
    EILSEQ = 84
    ERESTART = 85
    ESTRPIPE = 86
    EUSERS = 87
    ENOTSOCK = 88
    EDESTADDRREQ = 89
    EMSGSIZE = 90
    EPROTOTYPE = 91
    ENOPROTOOPT = 92
    EPROTONOSUPPORT = 93
    ESOCKTNOSUPPORT = 94
    EOPNOTSUPP = 95
    EPFNOSUPPORT = 96
    EAFNOSUPPORT = 97
    EADDRINUSE = 98
    EADDRNOTAVAIL = 99
    ENETDOWN = 100
    ENETUNREACH = 101
    ENETRESET = 102
    ECONNABORTED = 103
    ECONNRESET = 104
    ENOBUFS = 105
    EISCONN = 106
    ENOTCONN = 107
    ESHUTDOWN = 108
    ETOOMANYREFS = 109
    ETIMEDOUT = 110
    ECONNREFUSED = 111
    EHOSTDOWN = 112
    EHOSTUNREACH = 113
    EALREADY = 114
    EINPROGRESS = 115
    ESTALE = 116
    EUCLEAN = 117
    ENOTNAM = 118
    ENAVAIL = 119
    EISNAM = 120
    EREMOTEIO = 121
    EDQUOT = 122
    ENOMEDIUM = 123
    EMEDIUMTYPE = 124
    ECANCELED = 125
    ENOKEY = 126
    EKEYEXPIRED = 127
    EKEYREVOKED = 128
    EKEYREJECTED = 129
    EOWNERDEAD = 130
    ENOTRECOVERABLE = 131
    ERFKILL = 132
    EHWPOISON = 133
    ENOTSUPP = 524

    IPSET_ERR_PRIVATE = 4096
    IPSET_ERR_PROTOCOL = 4097
    IPSET_ERR_FIND_TYPE = 4098
    IPSET_ERR_MAX_SETS = 4099
    IPSET_ERR_BUSY = 4100
    IPSET_ERR_EXIST_SETNAME2 = 4101
    IPSET_ERR_TYPE_MISMATCH = 4102
    IPSET_ERR_EXIST = 4103
    IPSET_ERR_INVALID_CIDR = 4104
    IPSET_ERR_INVALID_NETMASK = 4105
    IPSET_ERR_INVALID_FAMILY = 4106
    IPSET_ERR_TIMEOUT = 4107
    IPSET_ERR_REFERENCED = 4108
    IPSET_ERR_IPADDR_IPV4 = 4109
    IPSET_ERR_IPADDR_IPV6 = 4110
    IPSET_ERR_COUNTER = 4111
    IPSET_ERR_COMMENT = 4112
    IPSET_ERR_INVALID_MARKMASK = 4113
    IPSET_ERR_SKBINFO = 4114
    IPSET_ERR_BITMASK_NETMASK_EXCL = 4115


# Texts of the GNU C library's strerror(3) on Linux. The host's own library is not asked: off Linux 95 is another error.
TEXTS = {
    ERRNO.EPERM: "Operation not permitted",
    ERRNO.ENOENT: "No such file or directory",
    ERRNO.ESRCH: "No such process",
    ERRNO.EINTR: "Interrupted system call",
    ERRNO.EIO: "Input/output error",
    ERRNO.ENXIO: "No such device or address",
    ERRNO.E2BIG: "Argument list too long",
    ERRNO.ENOEXEC: "Exec format error",
    ERRNO.EBADF: "Bad file descriptor",
    ERRNO.ECHILD: "No child processes",
    ERRNO.EAGAIN: "Resource temporarily unavailable",
    ERRNO.ENOMEM: "Cannot allocate memory",
    ERRNO.EACCES: "Permission denied",
    ERRNO.EFAULT: "Bad address",
    ERRNO.ENOTBLK: "Block device required",
    ERRNO.EBUSY: "Device or resource busy",
    ERRNO.EEXIST: "File exists",
    ERRNO.EXDEV: "Invalid cross-device link",
    ERRNO.ENODEV: "No such device",
    ERRNO.ENOTDIR: "Not a directory",
    ERRNO.EISDIR: "Is a directory",
    ERRNO.EINVAL: "Invalid argument",
    ERRNO.ENFILE: "Too many open files in system",
    ERRNO.EMFILE: "Too many open files",
    ERRNO.ENOTTY: "Inappropriate ioctl for device",
    ERRNO.ETXTBSY: "Text file busy",
    ERRNO.EFBIG: "File too large",
    ERRNO.ENOSPC: "No space left on device",
    ERRNO.ESPIPE: "Illegal seek",
    ERRNO.EROFS: "Read-only file system",
    ERRNO.EMLINK: "Too many links",
    ERRNO.EPIPE: "Broken pipe",
    ERRNO.EDOM: "Numerical argument out of domain",
    ERRNO.ERANGE: "Numerical result out of range",
    ERRNO.EDEADLK: "Resource deadlock avoided",
    ERRNO.ENAMETOOLONG: "File name too long",
    ERRNO.ENOLCK: "No locks available",
    ERRNO.ENOSYS: "Function not implemented",
    ERRNO.ENOTEMPTY: "Directory not empty",
    ERRNO.ELOOP: "Too many levels of symbolic links",
    ERRNO.ENOMSG: "No message of desired type",
    ERRNO.EIDRM: "Identifier removed",
    ERRNO.ECHRNG: "Channel number out of range",
    ERRNO.EL2NSYNC: "Level 2 not synchronized",
    ERRNO.EL3HLT: "Level 3 halted",
    ERRNO.EL3RST: "Level 3 reset",
    ERRNO.ELNRNG: "Link number out of range",
    ERRNO.EUNATCH: "Protocol driver not attached",
    ERRNO.ENOCSI: "No CSI structure available",
    ERRNO.EL2HLT: "Level 2 halted",
    ERRNO.EBADE: "Invalid exchange",
    ERRNO.EBADR: "Invalid request descriptor",
    ERRNO.EXFULL: "Exchange full",
    ERRNO.ENOANO: "No anode",
    ERRNO.EBADRQC: "Invalid request code",
    ERRNO.EBADSLT: "Invalid slot",
    ERRNO.EBFONT: "Bad font file format",
    ERRNO.ENOSTR: "Device not a stream",
    ERRNO.ENODATA: "No data available",
    ERRNO.ETIME: "Timer expired",
    ERRNO.ENOSR: "Out of streams resources",
    ERRNO.ENONET: "Machine is not on the network",
    ERRNO.ENOPKG: "Package not installed",
    ERRNO.EREMOTE: "Object is remote",
    ERRNO.ENOLINK: "Link has been severed",
    ERRNO.EADV: "Advertise error",
    ERRNO.ESRMNT: "Srmount error",
    ERRNO.ECOMM: "Communication error on send",
    ERRNO.EPROTO: "Protocol error",
    ERRNO.EMULTIHOP: "Multihop attempted",
    ERRNO.EDOTDOT: "RFS specific error",
    ERRNO.EBADMSG: "Bad message",
    ERRNO.EOVERFLOW: "Value too large for defined data type",
    ERRNO.ENOTUNIQ: "Name not unique on network",
    ERRNO.EBADFD: "File descriptor in bad state",
    ERRNO.EREMCHG: "Remote address changed",
    ERRNO.ELIBACC: "Can not access a needed shared library",
    ERRNO.ELIBBAD: "Accessing a corrupted shared library",
    ERRNO.ELIBSCN: ".lib section in a.out corrupted",
    ERRNO.ELIBMAX: "Attempting to link in too many shared libraries",
    ERRNO.ELIBEXEC: "Cannot exec a shared library directly",
    ERRNO.EILSEQ: "Invalid or incomplete multibyte or wide character",
    ERRNO.ERESTART: "Interrupted system call should be restarted",
    ERRNO.ESTRPIPE: "Streams pipe error",
    ERRNO.EUSERS: "Too many users",
    ERRNO.ENOTSOCK: "Socket operation on non-socket",
    ERRNO.EDESTADDRREQ: "Destination address required",
    ERRNO.EMSGSIZE: "Message too long",
    ERRNO.EPROTOTYPE: "Protocol wrong type for socket",
    ERRNO.ENOPROTOOPT: "Protocol not available",
    ERRNO.EPROTONOSUPPORT: "Protocol not supported",
    ERRNO.ESOCKTNOSUPPORT: "Socket type not supported",
    ERRNO.EOPNOTSUPP: "Operation not supported",
    ERRNO.EPFNOSUPPORT: "Protocol family not supported",
    ERRNO.EAFNOSUPPORT: "Address family not supported by protocol",
    ERRNO.EADDRINUSE: "Address already in use",
    ERRNO.EADDRNOTAVAIL: "Cannot assign requested address",
    ERRNO.ENETDOWN: "Network is down",
    ERRNO.ENETUNREACH: "Network is unreachable",
    ERRNO.ENETRESET: "Network dropped connection on reset",
    ERRNO.ECONNABORTED: "Software caused connection abort",
    ERRNO.ECONNRESET: "Connection reset by peer",
    ERRNO.ENOBUFS: "No buffer space available",
    ERRNO.EISCONN: "Transport endpoint is already connected",
    ERRNO.ENOTCONN: "Transport endpoint is not connected",
    ERRNO.ESHUTDOWN: "Cannot send after transport endpoint shutdown",
    ERRNO.ETOOMANYREFS: "Too many references: cannot splice",
    ERRNO.ETIMEDOUT: "Connection timed out",
    ERRNO.ECONNREFUSED: "Connection refused",
    ERRNO.EHOSTDOWN: "Host is down",
    ERRNO.EHOSTUNREACH: "No route to host",
    ERRNO.EALREADY: "Operation already in progress",
    ERRNO.EINPROGRESS: "Operation now in progress",
    ERRNO.ESTALE: "Stale file handle",
    ERRNO.EUCLEAN: "Structure needs cleaning",
    ERRNO.ENOTNAM: "Not a XENIX named type file",
    ERRNO.ENAVAIL: "No XENIX semaphores available",
    ERRNO.EISNAM: "Is a named type file",
    ERRNO.EREMOTEIO: "Remote I/O error",
    ERRNO.EDQUOT: "Disk quota exceeded",
    ERRNO.ENOMEDIUM: "No medium found",
    ERRNO.EMEDIUMTYPE: "Wrong medium type",
    ERRNO.ECANCELED: "Operation canceled",
    ERRNO.ENOKEY: "Required key not available",
    ERRNO.EKEYEXPIRED: "Key has expired",
    ERRNO.EKEYREVOKED: "Key has been revoked",
    ERRNO.EKEYREJECTED: "Key was rejected by service",
    ERRNO.EOWNERDEAD: "Owner died",
    ERRNO.ENOTRECOVERABLE: "State not recoverable",
    ERRNO.ERFKILL: "Operation not possible due to RF-kill",
    ERRNO.EHWPOISON: "Memory page has hardware error",
}


def meaning(number: int) -> str:
    """Return the C library's text for an error number, "" if it has none."""
    return TEXTS.get(number, "")


class Errno(S32):
    """The number 0, or an error number negated."""

    def accept(self, value: Any) -> Any:
        return -ERRNO.number(value) if isinstance(value, str) else value

    def shown(self, value: Any) -> str:
        name = self.json(value)
        if not isinstance(name, str):
            return "" if value == 0 else str(value)
        text = meaning(-value)
        return f"{name} ({text})" if text else name

    def json(self, value: Any) -> Any:
        return ERRNO.names.get(-value, value) if isinstance(value, int) and value < 0 else super().json(value)
