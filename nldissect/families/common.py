"""Constants used by many families: linux/socket.h, if_arp.h, if_ether.h, in.h, in6.h, rtnetlink.h."""

from nldissect.wire import U8, U16, U32, Addr, Be16, Be32, Blob, Enum, Message, Pad, bind_attrs


class AF(Enum):
    UNSPEC     = 0
    UNIX       = 1
    LOCAL      = 1
    INET       = 2
    AX25       = 3
    IPX        = 4
    APPLETALK  = 5
    NETROM     = 6
    BRIDGE     = 7
    ATMPVC     = 8
    X25        = 9
    INET6      = 10
    ROSE       = 11
    DECnet     = 12
    NETBEUI    = 13
    SECURITY   = 14
    KEY        = 15
    NETLINK    = 16
    ROUTE      = 16
    PACKET     = 17
    ASH        = 18
    ECONET     = 19
    ATMSVC     = 20
    RDS        = 21
    SNA        = 22
    IRDA       = 23
    PPPOX      = 24
    WANPIPE    = 25
    LLC        = 26
    IB         = 27
    MPLS       = 28
    CAN        = 29
    TIPC       = 30
    BLUETOOTH  = 31
    IUCV       = 32
    RXRPC      = 33
    ISDN       = 34
    PHONET     = 35
    IEEE802154 = 36
    CAIF       = 37
    ALG        = 38
    NFC        = 39
    VSOCK      = 40
    KCM        = 41
    QIPCRTR    = 42
    SMC        = 43
    XDP        = 44
    MCTP       = 45


class ARPHRD(Enum):
    NETROM             = 0
    ETHER              = 1
    EETHER             = 2
    AX25               = 3
    PRONET             = 4
    CHAOS              = 5
    IEEE802            = 6
    ARCNET             = 7
    APPLETLK           = 8
    DLCI               = 15
    ATM                = 19
    METRICOM           = 23
    IEEE1394           = 24
    EUI64              = 27
    INFINIBAND         = 32
    SLIP               = 256
    CSLIP              = 257
    SLIP6              = 258
    CSLIP6             = 259
    RSRVD              = 260
    ADAPT              = 264
    ROSE               = 270
    X25                = 271
    HWX25              = 272
    CAN                = 280
    MCTP               = 290
    PPP                = 512
    CISCO              = 513
    HDLC               = 513
    LAPB               = 516
    DDCMP              = 517
    RAWHDLC            = 518
    RAWIP              = 519
    TUNNEL             = 768
    TUNNEL6            = 769
    FRAD               = 770
    SKIP               = 771
    LOOPBACK           = 772
    LOCALTLK           = 773
    FDDI               = 774
    BIF                = 775
    SIT                = 776
    IPDDP              = 777
    IPGRE              = 778
    PIMREG             = 779
    HIPPI              = 780
    ASH                = 781
    ECONET             = 782
    IRDA               = 783
    FCPP               = 784
    FCAL               = 785
    FCPL               = 786
    FCFABRIC           = 787
    IEEE802_TR         = 800
    IEEE80211          = 801
    IEEE80211_PRISM    = 802
    IEEE80211_RADIOTAP = 803
    IEEE802154         = 804
    IEEE802154_MONITOR = 805
    PHONET             = 820
    PHONET_PIPE        = 821
    CAIF               = 822
    IP6GRE             = 823
    NETLINK            = 824
    _6LOWPAN           = 825
    VSOCKMON           = 826
    NONE               = 65534
    VOID               = 65535


class ETH_P(Enum):
    _802_3     = 0x0001
    AX25       = 0x0002
    ALL        = 0x0003
    _802_2     = 0x0004
    SNAP       = 0x0005
    DDCMP      = 0x0006
    WAN_PPP    = 0x0007
    PPP_MP     = 0x0008
    LOCALTALK  = 0x0009
    CAN        = 0x000C
    CANFD      = 0x000D
    CANXL      = 0x000E
    PPPTALK    = 0x0010
    TR_802_2   = 0x0011
    MOBITEX    = 0x0015
    CONTROL    = 0x0016
    IRDA       = 0x0017
    ECONET     = 0x0018
    HDLC       = 0x0019
    ARCNET     = 0x001A
    DSA        = 0x001B
    TRAILER    = 0x001C
    LOOP       = 0x0060
    PHONET     = 0x00F5
    IEEE802154 = 0x00F6
    CAIF       = 0x00F7
    XDSA       = 0x00F8
    MAP        = 0x00F9
    MCTP       = 0x00FA
    GRE_OSI    = 0x00FE
    PUP        = 0x0200
    PUPAT      = 0x0201
    IP         = 0x0800
    X25        = 0x0805
    ARP        = 0x0806
    BPQ        = 0x08FF
    IEEEPUP    = 0x0A00
    IEEEPUPAT  = 0x0A01
    ERSPAN2    = 0x22EB
    TSN        = 0x22F0
    BATMAN     = 0x4305
    DEC        = 0x6000
    DNA_DL     = 0x6001
    DNA_RC     = 0x6002
    DNA_RT     = 0x6003
    LAT        = 0x6004
    DIAG       = 0x6005
    CUST       = 0x6006
    SCA        = 0x6007
    TEB        = 0x6558
    RARP       = 0x8035
    ATALK      = 0x809B
    AARP       = 0x80F3
    _8021Q     = 0x8100
    IPX        = 0x8137
    IPV6       = 0x86DD
    PAUSE      = 0x8808
    SLOW       = 0x8809
    WCCP       = 0x883E
    MPLS_UC    = 0x8847
    MPLS_MC    = 0x8848
    ATMMPOA    = 0x884C
    PPP_DISC   = 0x8863
    PPP_SES    = 0x8864
    LINK_CTL   = 0x886C
    _8021AC    = 0x8870
    ATMFATE    = 0x8884
    PAE        = 0x888E
    PROFINET   = 0x8892
    REALTEK    = 0x8899
    AOE        = 0x88A2
    ETHERCAT   = 0x88A4
    _8021AD    = 0x88A8
    _802_EX1   = 0x88B5
    ERSPAN     = 0x88BE
    MXLGSW     = 0x88C3
    PREAUTH    = 0x88C7
    TIPC       = 0x88CA
    LLDP       = 0x88CC
    MRP        = 0x88E3
    MACSEC     = 0x88E5
    _8021AH    = 0x88E7
    MVRP       = 0x88F5
    _1588      = 0x88F7
    NCSI       = 0x88F8
    PRP        = 0x88FB
    CFM        = 0x8902
    FCOE       = 0x8906
    TDLS       = 0x890D
    FIP        = 0x8914
    IBOE       = 0x8915
    _80221     = 0x8917
    HSR        = 0x892F
    NSH        = 0x894F
    LOOPBACK   = 0x9000
    QINQ1      = 0x9100
    QINQ2      = 0x9200
    QINQ3      = 0x9300
    YT921X     = 0x9988
    EDSA       = 0xDADA
    DSA_8021Q  = 0xDADB
    DSA_A5PSW  = 0xE001
    IFE        = 0xED3E
    AF_IUCV    = 0xFBFB
    NXP_NETC   = 0xFD3A


class IPPROTO(Enum):
    IP       = 0
    HOPOPTS  = 0
    ICMP     = 1
    IGMP     = 2
    IPIP     = 4
    TCP      = 6
    EGP      = 8
    PUP      = 12
    UDP      = 17
    IDP      = 22
    TP       = 29
    DCCP     = 33
    IPV6     = 41
    ROUTING  = 43
    FRAGMENT = 44
    RSVP     = 46
    GRE      = 47
    ESP      = 50
    AH       = 51
    ICMPV6   = 58
    NONE     = 59
    DSTOPTS  = 60
    MTP      = 92
    BEETPH   = 94
    ENCAP    = 98
    PIM      = 103
    COMP     = 108
    L2TP     = 115
    SCTP     = 132
    MH       = 135
    UDPLITE  = 136
    MPLS     = 137
    ETHERNET = 143
    AGGFRAG  = 144
    RAW      = 255
    SMC      = 256
    MPTCP    = 262


class RTPROT(Enum):
    UNSPEC     = 0
    REDIRECT   = 1
    KERNEL     = 2
    BOOT       = 3
    STATIC     = 4
    GATED      = 8
    RA         = 9
    MRT        = 10
    ZEBRA      = 11
    BIRD       = 12
    DNROUTED   = 13
    XORP       = 14
    NTK        = 15
    DHCP       = 16
    MROUTED    = 17
    KEEPALIVED = 18
    BABEL      = 42
    OVN        = 84
    OPENR      = 99
    BGP        = 186
    ISIS       = 187
    OSPF       = 188
    RIP        = 189
    EIGRP      = 192


class RT_SCOPE(Enum):
    UNIVERSE = 0
    SITE     = 200
    LINK     = 253
    HOST     = 254
    NOWHERE  = 255


class RT_TABLE(Enum):
    UNSPEC  = 0
    COMPAT  = 252
    DEFAULT = 253
    MAIN    = 254
    LOCAL   = 255


class RTN(Enum):
    UNSPEC      = 0
    UNICAST     = 1
    LOCAL       = 2
    BROADCAST   = 3
    ANYCAST     = 4
    MULTICAST   = 5
    BLACKHOLE   = 6
    UNREACHABLE = 7
    PROHIBIT    = 8
    THROW       = 9
    NAT         = 10
    XRESOLVE    = 11


class CLOCK(Enum):
    """linux/time.h"""

    REALTIME           = 0
    MONOTONIC          = 1
    PROCESS_CPUTIME_ID = 2
    THREAD_CPUTIME_ID  = 3
    MONOTONIC_RAW      = 4
    REALTIME_COARSE    = 5
    MONOTONIC_COARSE   = 6
    BOOTTIME           = 7
    REALTIME_ALARM     = 8
    BOOTTIME_ALARM     = 9
    SGI_CYCLE          = 10
    TAI                = 11


class sock_filter(Message):
    """One instruction of classic BPF (linux/filter.h)."""

    fields_desc = [U16.of("code", base=16), U8.of("jt"), U8.of("jf"), U32.of("k", base=16)]


class sockaddr_in(Message):
    """Behind the address family."""

    fields_desc = [Be16.of("sin_port"), Addr.of("sin_addr", 4), Pad.of("sin_zero")]


class sockaddr_in6(Message):
    """Behind the address family."""

    fields_desc = [
        Be16.of("sin6_port"), Be32.of("sin6_flowinfo", base=16), Addr.of("sin6_addr", 16),
        U32.of("sin6_scope_id", refers="interface"), Pad.of("__data"),
    ]


class kernel_sockaddr_storage(Message):
    """struct __kernel_sockaddr_storage: an address of any family, 128 bytes (linux/socket.h)."""

    fields_desc = [U16.of("ss_family", AF), Blob.of("address", "in the form of a family that is not known here")]


bind_attrs(kernel_sockaddr_storage.address, sockaddr_in, ss_family=AF.INET)
bind_attrs(kernel_sockaddr_storage.address, sockaddr_in6, ss_family=AF.INET6)
