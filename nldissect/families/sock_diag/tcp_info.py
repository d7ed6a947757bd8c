"""What a TCP socket knows of itself: struct tcp_info and congestion control (linux/tcp.h, linux/inet_diag.h)."""

from nldissect.wire import U8, U16, U32, U64, Bits, Bits32, Enum, Flags, Message

from .states import TCP


class TCP_CA(Enum):
    Open     = 0
    Disorder = 1
    CWR      = 2
    Recovery = 3
    Loss     = 4


class TCPI_OPT(Flags):
    TIMESTAMPS = 1
    SACK       = 2
    WSCALE     = 4
    ECN        = 8
    ECN_SEEN   = 16
    SYN_DATA   = 32
    USEC_TS    = 64
    TFO_CHILD  = 128


class tcp_info(Message):
    """Bit-fields of one byte or word stand under a name of our own: `tcpi_wscale`, `tcpi_delivery`, `tcpi_ecn`."""

    fields_desc = [
        U8.of("tcpi_state", TCP), U8.of("tcpi_ca_state", TCP_CA), U8.of("tcpi_retransmits"), U8.of("tcpi_probes"),
        U8.of("tcpi_backoff"), U8.of("tcpi_options", TCPI_OPT),
        Bits.of("tcpi_wscale", {"tcpi_snd_wscale": 4, "tcpi_rcv_wscale": 4}),
        Bits.of("tcpi_delivery", {"tcpi_delivery_rate_app_limited": 1, "tcpi_fastopen_client_fail": 2, "unused": 5}),
        U32.of("tcpi_rto", measure="us"), U32.of("tcpi_ato", measure="us"), U32.of("tcpi_snd_mss"),
        U32.of("tcpi_rcv_mss"),
        U32.of("tcpi_unacked"), U32.of("tcpi_sacked"), U32.of("tcpi_lost"), U32.of("tcpi_retrans"),
        U32.of("tcpi_fackets"), U32.of("tcpi_last_data_sent", measure="ms"), U32.of("tcpi_last_ack_sent", measure="ms"),
        U32.of("tcpi_last_data_recv", measure="ms"), U32.of("tcpi_last_ack_recv", measure="ms"), U32.of("tcpi_pmtu"),
        U32.of("tcpi_rcv_ssthresh"), U32.of("tcpi_rtt", measure="us"), U32.of("tcpi_rttvar", measure="us"),
        U32.of("tcpi_snd_ssthresh"),
        U32.of("tcpi_snd_cwnd"), U32.of("tcpi_advmss"), U32.of("tcpi_reordering"), U32.of("tcpi_rcv_rtt", measure="us"),
        U32.of("tcpi_rcv_space"), U32.of("tcpi_total_retrans"), U64.of("tcpi_pacing_rate", measure="B/s"),
        U64.of("tcpi_max_pacing_rate", measure="B/s"), U64.of("tcpi_bytes_acked"), U64.of("tcpi_bytes_received"),
        U32.of("tcpi_segs_out"), U32.of("tcpi_segs_in"), U32.of("tcpi_notsent_bytes"),
        U32.of("tcpi_min_rtt", measure="us"),
        U32.of("tcpi_data_segs_in"), U32.of("tcpi_data_segs_out"), U64.of("tcpi_delivery_rate", measure="B/s"),
        U64.of("tcpi_busy_time", measure="us"), U64.of("tcpi_rwnd_limited", measure="us"),
        U64.of("tcpi_sndbuf_limited", measure="us"),
        U32.of("tcpi_delivered"), U32.of("tcpi_delivered_ce"), U64.of("tcpi_bytes_sent"),
        U64.of("tcpi_bytes_retrans"), U32.of("tcpi_dsack_dups"), U32.of("tcpi_reord_seen"),
        U32.of("tcpi_rcv_ooopack"), U32.of("tcpi_snd_wnd"), U32.of("tcpi_rcv_wnd"), U32.of("tcpi_rehash"),
        U16.of("tcpi_total_rto"), U16.of("tcpi_total_rto_recoveries"), U32.of("tcpi_total_rto_time", measure="ms"),
        U32.of("tcpi_received_ce"), U32.of("tcpi_delivered_e1_bytes"), U32.of("tcpi_delivered_e0_bytes"),
        U32.of("tcpi_delivered_ce_bytes"), U32.of("tcpi_received_e1_bytes"), U32.of("tcpi_received_e0_bytes"),
        U32.of("tcpi_received_ce_bytes"),
        Bits32.of(
            "tcpi_ecn",
            {"tcpi_ecn_mode": 2, "tcpi_accecn_opt_seen": 2, "tcpi_accecn_fail_mode": 4, "tcpi_options2": 24},
        ),
    ]


class tcpvegas_info(Message):
    fields_desc = [U32.of("tcpv_enabled"), U32.of("tcpv_rttcnt"), U32.of("tcpv_rtt"), U32.of("tcpv_minrtt")]


class tcp_dctcp_info(Message):
    fields_desc = [
        U16.of("dctcp_enabled"), U16.of("dctcp_ce_state"), U32.of("dctcp_alpha"), U32.of("dctcp_ab_ecn"),
        U32.of("dctcp_ab_tot"),
    ]


class tcp_bbr_info(Message):
    fields_desc = [
        U32.of("bbr_bw_lo"), U32.of("bbr_bw_hi"), U32.of("bbr_min_rtt", measure="us"), U32.of("bbr_pacing_gain"),
        U32.of("bbr_cwnd_gain"),
    ]
