"""What TCP remembers of destinations (linux/tcp_metrics.h, net/ipv4/tcp_metrics.c)."""

from nldissect.wire import S32, U16, U32, U64, Addr, AttrSet, Blob, Nest, Pad, bind_genl


class TCP_METRICS_A_METRICS(AttrSet):
    """Numbered one higher than enum tcp_metric_index. TCP keeps round trip times shifted: RTT in eighths, RTTVAR in
    quarters of a millisecond (_US: of a microsecond), of which ip(8) shows whole ones."""

    RTT        = U32(1, measure="ms/8")
    RTTVAR     = U32(2, measure="ms/4")
    SSTHRESH   = U32(3)
    CWND       = U32(4)
    REODERING  = U32(5)
    RTT_US     = U32(6, measure="us/8")
    RTTVAR_US  = U32(7, measure="us/4")


class TCP_METRICS_ATTR(AttrSet):
    ADDR_IPV4          = Addr(1, 4)
    ADDR_IPV6          = Addr(2, 16)
    AGE                = U64(3, measure="ms")
    TW_TSVAL           = U32(4, deprecated=True)
    TW_TS_STAMP        = S32(5, deprecated=True)
    VALS               = Nest(6, TCP_METRICS_A_METRICS)
    FOPEN_MSS          = U16(7)
    FOPEN_SYN_DROPS    = U16(8)
    FOPEN_SYN_DROP_TS  = U64(9)                     # milliseconds ago
    FOPEN_COOKIE       = Blob(10, "the server's cookie, encrypted by it")
    SADDR_IPV4         = Addr(11, 4)
    SADDR_IPV6         = Addr(12, 16)
    PAD                = Pad(13)

    template = (
        "[{TCP_METRICS_ATTR_ADDR_IPV4|TCP_METRICS_ATTR_ADDR_IPV6} ]"
        "[source {TCP_METRICS_ATTR_SADDR_IPV4|TCP_METRICS_ATTR_SADDR_IPV6} ][age {TCP_METRICS_ATTR_AGE} ]"
        "[ssthresh {TCP_METRICS_A_METRICS_SSTHRESH} ][cwnd {TCP_METRICS_A_METRICS_CWND} ]"
        "[reordering {TCP_METRICS_A_METRICS_REODERING} ][rtt {TCP_METRICS_A_METRICS_RTT_US|TCP_METRICS_A_METRICS_RTT} ]"
        "[rttvar {TCP_METRICS_A_METRICS_RTTVAR_US|TCP_METRICS_A_METRICS_RTTVAR} ][fo_mss {TCP_METRICS_ATTR_FOPEN_MSS} ]"
        "[fo_syn_drops {TCP_METRICS_ATTR_FOPEN_SYN_DROPS}]"
    )


bind_genl(TCP_METRICS_ATTR, "tcp_metrics", TCP_METRICS_CMD_GET=1, TCP_METRICS_CMD_DEL=2)
