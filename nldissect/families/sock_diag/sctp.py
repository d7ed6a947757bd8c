"""SCTP sockets and associations: struct sctp_info and their addresses (linux/sctp.h, net/sctp/diag.c)."""

from nldissect.wire import S32, U8, U16, U32, U64, Addr, Be16, Enum, Message, Pad, Struct

from ..common import AF


class SCTP_STATE(Enum):
    """The kernel's own (net/sctp/constants.h), one less than those of linux/sctp.h."""

    CLOSED            = 0
    COOKIE_WAIT       = 1
    COOKIE_ECHOED     = 2
    ESTABLISHED       = 3
    SHUTDOWN_PENDING  = 4
    SHUTDOWN_SENT     = 5
    SHUTDOWN_RECEIVED = 6
    SHUTDOWN_ACK_SENT = 7


class SCTP_PATH(Enum, prefix="SCTP"):
    INACTIVE    = 0
    PF          = 1
    ACTIVE      = 2
    UNCONFIRMED = 3
    UNKNOWN     = 0xFFFF


class SCTP_SOCKET(Enum):
    """net/sctp/structs.h"""

    UDP                = 0
    UDP_HIGH_BANDWIDTH = 1
    TCP                = 2


class sockaddr_storage(Message):
    """struct sockaddr_in and sockaddr_in6 over one another: IPv6's flow information stands where IPv4's address is."""

    fields_desc = [
        U16.of("ss_family", AF), Be16.of("sin_port"), Addr.of("sin_addr", 4), Addr.of("sin6_addr", 16),
        U32.of("sin6_scope_id", refers="interface"), Pad.of("__pad", 100),
    ]


class sctp_info(Message):
    fields_desc = [
        U32.of("sctpi_tag", base=16), U32.of("sctpi_state", SCTP_STATE), U32.of("sctpi_rwnd"),
        U16.of("sctpi_unackdata"), U16.of("sctpi_penddata"), U16.of("sctpi_instrms"), U16.of("sctpi_outstrms"),
        U32.of("sctpi_fragmentation_point"),
        U32.of("sctpi_inqueue"), U32.of("sctpi_outqueue"), U32.of("sctpi_overall_error"), U32.of("sctpi_max_burst"),
        U32.of("sctpi_maxseg"), U32.of("sctpi_peer_rwnd"), U32.of("sctpi_peer_tag", base=16),
        U8.of("sctpi_peer_capable", base=16), U8.of("sctpi_peer_sack", base=16), U16.of("__reserved1"),
        U64.of("sctpi_isacks"), U64.of("sctpi_osacks"), U64.of("sctpi_opackets"), U64.of("sctpi_ipackets"),
        U64.of("sctpi_rtxchunks"), U64.of("sctpi_outofseqtsns"), U64.of("sctpi_idupchunks"), U64.of("sctpi_gapcnt"),
        U64.of("sctpi_ouodchunks"), U64.of("sctpi_iuodchunks"), U64.of("sctpi_oodchunks"), U64.of("sctpi_iodchunks"),
        U64.of("sctpi_octrlchunks"), U64.of("sctpi_ictrlchunks"), Struct.of("sctpi_p_address", sockaddr_storage),
        S32.of("sctpi_p_state", SCTP_PATH), U32.of("sctpi_p_cwnd"), U32.of("sctpi_p_srtt", measure="ms"),
        U32.of("sctpi_p_rto", measure="ms"),
        U32.of("sctpi_p_hbinterval", measure="ms"), U32.of("sctpi_p_pathmaxrxt"),
        U32.of("sctpi_p_sackdelay", measure="ms"),
        U32.of("sctpi_p_sackfreq"), U32.of("sctpi_p_ssthresh"), U32.of("sctpi_p_partial_bytes_acked"),
        U32.of("sctpi_p_flight_size"), U16.of("sctpi_p_error"), U16.of("__reserved2"), U32.of("sctpi_s_autoclose"),
        U32.of("sctpi_s_adaptation_ind"), U32.of("sctpi_s_pd_point"), U8.of("sctpi_s_nodelay"),
        U8.of("sctpi_s_disable_fragments"), U8.of("sctpi_s_v4mapped"), U8.of("sctpi_s_frag_interleave"),
        U32.of("sctpi_s_type", SCTP_SOCKET), U32.of("__reserved3"),
    ]
