"""Types of ICMP and ICMPv6 messages (linux/icmp.h, linux/icmpv6.h)."""

from nldissect.wire import Enum


class ICMP(Enum):
    ECHOREPLY      = 0
    DEST_UNREACH   = 3
    SOURCE_QUENCH  = 4
    REDIRECT       = 5
    ECHO           = 8
    TIME_EXCEEDED  = 11
    PARAMETERPROB  = 12
    TIMESTAMP      = 13
    TIMESTAMPREPLY = 14
    INFO_REQUEST   = 15
    INFO_REPLY     = 16
    ADDRESS        = 17
    ADDRESSREPLY   = 18
    EXT_ECHO       = 42
    EXT_ECHOREPLY  = 43


class ICMPV6(Enum):
    DEST_UNREACH      = 1
    PKT_TOOBIG        = 2
    TIME_EXCEED       = 3
    PARAMPROB         = 4
    ECHO_REQUEST      = 128
    ECHO_REPLY        = 129
    MGM_QUERY         = 130
    MGM_REPORT        = 131
    MGM_REDUCTION     = 132
    ROUTER_SOL        = 133       # these five have no name in a header for user space
    ROUTER_ADV        = 134
    NEIGHBOUR_SOL     = 135
    NEIGHBOUR_ADV     = 136
    REDIRECT          = 137
    NI_QUERY          = 139
    NI_REPLY          = 140
    MLD2_REPORT       = 143
    DHAAD_REQUEST     = 144
    DHAAD_REPLY       = 145
    MOBILE_PREFIX_SOL = 146
    MOBILE_PREFIX_ADV = 147
    MRDISC_ADV        = 151
    MRDISC_SOL        = 152
    EXT_ECHO_REQUEST  = 160
    EXT_ECHO_REPLY    = 161
