"""What follows struct iscsi_uevent: paths, CHAP entries, statistics (scsi/iscsi_if.h)."""

from nldissect.wire import U8, U16, U32, U64, Addr, Blob, Mac, Message, Pad, Secret, Structs, Text, bind_attrs

from ..common import AF
from .names import CHAP_TYPE, ISCSI_IFACE_TYPE
from .params import ISCSI_CHAP_PARAM, ISCSI_FLASHNODE, ISCSI_IFACE_PARAM, ISCSI_NET_PARAM, ISCSI_PARAM_TYPE

OWN = "each parameter has its own form"


class iscsi_path(Message):
    """`ip_addr_len` is 4 or 16."""

    fields_desc = [
        U64.of("handle", base=16), Mac.of("mac_addr", 6), Mac.of("mac_addr_old", 6), U32.of("ip_addr_len"),
        Addr.of("src", 16, family=AF.INET6), Addr.of("dst", 16, family=AF.INET6), U16.of("vlan_id"),
        U16.of("pmtu"), Pad.of("__pad"),
    ]


class iscsi_chap_rec(Message):
    fields_desc = [
        U16.of("chap_tbl_idx"), Pad.of("__pad", 2), U32.of("chap_type", CHAP_TYPE), Text.of("username", 256),
        Secret.of("password", 256), U8.of("password_length"), Pad.of("__end", 3),
    ]


class iscsi_param_info(Message):
    """A parameter of a CHAP entry."""

    fields_desc = [U32.of("len"), U16.of("param", ISCSI_CHAP_PARAM), Blob.of("value", OWN)]


class iscsi_flashnode_param_info(Message):
    fields_desc = [U32.of("len"), U16.of("param", ISCSI_FLASHNODE), Blob.of("value", OWN)]


class iscsi_iface_param_info(Message):
    """What `param` numbers is told by `param_type`."""

    fields_desc = [
        U32.of("iface_num"), U32.of("len"), U16.of("param"), U8.of("iface_type", ISCSI_IFACE_TYPE),
        U8.of("param_type", ISCSI_PARAM_TYPE), Blob.of("value", OWN),
    ]


class iscsi_stats_custom(Message):
    fields_desc = [Text.of("desc", 64), U64.of("value")]


class iscsi_stats(Message):
    """Of one connection."""

    fields_desc = [
        U64.of("txdata_octets"), U64.of("rxdata_octets"), U32.of("noptx_pdus"), U32.of("scsicmd_pdus"),
        U32.of("tmfcmd_pdus"), U32.of("login_pdus"), U32.of("text_pdus"), U32.of("dataout_pdus"),
        U32.of("logout_pdus"), U32.of("snack_pdus"), U32.of("noprx_pdus"), U32.of("scsirsp_pdus"),
        U32.of("tmfrsp_pdus"), U32.of("textrsp_pdus"), U32.of("datain_pdus"), U32.of("logoutrsp_pdus"),
        U32.of("r2t_pdus"), U32.of("async_pdus"), U32.of("rjt_pdus"), U32.of("digest_err"), U32.of("timeout_err"),
        U32.of("custom_length"),
        Structs.of("custom", iscsi_stats_custom, count="custom_length"),
    ]


class iscsi_offload_host_stats(Message):
    fields_desc = [
        U64.of("mactx_frames"), U64.of("mactx_bytes"), U64.of("mactx_multicast_frames"),
        U64.of("mactx_broadcast_frames"), U64.of("mactx_pause_frames"), U64.of("mactx_control_frames"),
        U64.of("mactx_deferral"), U64.of("mactx_excess_deferral"), U64.of("mactx_late_collision"),
        U64.of("mactx_abort"), U64.of("mactx_single_collision"), U64.of("mactx_multiple_collision"),
        U64.of("mactx_collision"), U64.of("mactx_frames_dropped"), U64.of("mactx_jumbo_frames"),
        U64.of("macrx_frames"), U64.of("macrx_bytes"), U64.of("macrx_unknown_control_frames"),
        U64.of("macrx_pause_frames"), U64.of("macrx_control_frames"), U64.of("macrx_dribble"),
        U64.of("macrx_frame_length_error"), U64.of("macrx_jabber"), U64.of("macrx_carrier_sense_error"),
        U64.of("macrx_frame_discarded"), U64.of("macrx_frames_dropped"), U64.of("mac_crc_error"),
        U64.of("mac_encoding_error"), U64.of("macrx_length_error_large"), U64.of("macrx_length_error_small"),
        U64.of("macrx_multicast_frames"), U64.of("macrx_broadcast_frames"), U64.of("iptx_packets"),
        U64.of("iptx_bytes"), U64.of("iptx_fragments"), U64.of("iprx_packets"), U64.of("iprx_bytes"),
        U64.of("iprx_fragments"), U64.of("ip_datagram_reassembly"), U64.of("ip_invalid_address_error"),
        U64.of("ip_error_packets"), U64.of("ip_fragrx_overlap"), U64.of("ip_fragrx_outoforder"),
        U64.of("ip_datagram_reassembly_timeout"), U64.of("ipv6tx_packets"), U64.of("ipv6tx_bytes"),
        U64.of("ipv6tx_fragments"), U64.of("ipv6rx_packets"), U64.of("ipv6rx_bytes"), U64.of("ipv6rx_fragments"),
        U64.of("ipv6_datagram_reassembly"), U64.of("ipv6_invalid_address_error"), U64.of("ipv6_error_packets"),
        U64.of("ipv6_fragrx_overlap"), U64.of("ipv6_fragrx_outoforder"), U64.of("ipv6_datagram_reassembly_timeout"),
        U64.of("tcptx_segments"), U64.of("tcptx_bytes"), U64.of("tcprx_segments"), U64.of("tcprx_byte"),
        U64.of("tcp_duplicate_ack_retx"), U64.of("tcp_retx_timer_expired"), U64.of("tcprx_duplicate_ack"),
        U64.of("tcprx_pure_ackr"), U64.of("tcptx_delayed_ack"), U64.of("tcptx_pure_ack"),
        U64.of("tcprx_segment_error"), U64.of("tcprx_segment_outoforder"), U64.of("tcprx_window_probe"),
        U64.of("tcprx_window_update"), U64.of("tcptx_window_probe_persist"), U64.of("ecc_error_correction"),
        U64.of("iscsi_pdu_tx"), U64.of("iscsi_data_bytes_tx"), U64.of("iscsi_pdu_rx"), U64.of("iscsi_data_bytes_rx"),
        U64.of("iscsi_io_completed"), U64.of("iscsi_unexpected_io_rx"), U64.of("iscsi_format_error"),
        U64.of("iscsi_hdr_digest_error"), U64.of("iscsi_data_digest_error"), U64.of("iscsi_sequence_error"),
        U32.of("custom_length"),
        Pad.of("__pad", 4), Structs.of("custom", iscsi_stats_custom, count="custom_length"),
    ]


bind_attrs(iscsi_path.src, Addr(None, 16, family=AF.INET), ip_addr_len=4)
bind_attrs(iscsi_path.dst, Addr(None, 16, family=AF.INET), ip_addr_len=4)
bind_attrs(iscsi_param_info.value, Secret(), param=ISCSI_CHAP_PARAM.PASSWORD)
bind_attrs(iscsi_param_info.value, Text(), param=ISCSI_CHAP_PARAM.USERNAME)
bind_attrs(iscsi_flashnode_param_info.value, Secret(), param=(ISCSI_FLASHNODE.PASSWORD, ISCSI_FLASHNODE.PASSWORD_IN))
bind_attrs(
    iscsi_flashnode_param_info.value, Text(),
    param=(ISCSI_FLASHNODE.NAME, ISCSI_FLASHNODE.ALIAS, ISCSI_FLASHNODE.USERNAME, ISCSI_FLASHNODE.USERNAME_IN),
)
bind_attrs(iscsi_iface_param_info.param, U16(None, ISCSI_NET_PARAM), param_type=ISCSI_PARAM_TYPE.NET_PARAM)
bind_attrs(iscsi_iface_param_info.param, U16(None, ISCSI_IFACE_PARAM), param_type=ISCSI_PARAM_TYPE.IFACE_PARAM)
