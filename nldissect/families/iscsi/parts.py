"""The unions of struct iscsi_uevent, one struct for each kind of event (scsi/iscsi_if.h)."""

from nldissect.wire import U16, U32, U64, Errno, Message, Pad

from .names import ISCSI_CONN_STATE, ISCSI_ERR, ISCSI_EVENT, ISCSI_PING, ISCSI_TGT_DSCVR, STOP_CONN
from .params import ISCSI_HOST_PARAM


class msg_create_session(Message):
    fields_desc = [U32.of("initial_cmdsn"), U16.of("cmds_max"), U16.of("queue_depth"), Pad.of("__pad")]


class msg_create_bound_session(Message):
    fields_desc = [
        U64.of("ep_handle", base=16), U32.of("initial_cmdsn"), U16.of("cmds_max"), U16.of("queue_depth"),
        Pad.of("__pad"),
    ]


class msg_session(Message):
    fields_desc = [U32.of("sid"), Pad.of("__pad")]


class msg_conn(Message):
    fields_desc = [U32.of("sid"), U32.of("cid"), Pad.of("__pad")]


class msg_bind_conn(Message):
    fields_desc = [
        U32.of("sid"), U32.of("cid"), U64.of("transport_eph", base=16), U32.of("is_leading"), Pad.of("__pad"),
    ]


class msg_send_pdu(Message):
    fields_desc = [U32.of("sid"), U32.of("cid"), U32.of("hdr_size"), U32.of("data_size"), Pad.of("__pad")]


class msg_stop_conn(Message):
    fields_desc = [
        U32.of("sid"), U32.of("cid"), U64.of("conn_handle", base=16), U32.of("flag", STOP_CONN), Pad.of("__pad"),
    ]


class msg_transport_connect(Message):
    fields_desc = [U32.of("non_blocking"), Pad.of("__pad")]


class msg_transport_connect_through_host(Message):
    fields_desc = [U32.of("host_no"), U32.of("non_blocking"), Pad.of("__pad")]


class msg_transport_poll(Message):
    fields_desc = [U64.of("ep_handle", base=16), U32.of("timeout_ms"), Pad.of("__pad")]


class msg_transport_disconnect(Message):
    fields_desc = [U64.of("ep_handle", base=16), Pad.of("__pad")]


class msg_tgt_dscvr(Message):
    fields_desc = [U32.of("type", ISCSI_TGT_DSCVR), U32.of("host_no"), U32.of("enable"), Pad.of("__pad")]


class msg_set_host_param(Message):
    fields_desc = [U32.of("host_no"), U32.of("param", ISCSI_HOST_PARAM), U32.of("len"), Pad.of("__pad")]


class msg_host(Message):
    fields_desc = [U32.of("host_no"), Pad.of("__pad")]


class msg_set_iface_params(Message):
    fields_desc = [U32.of("host_no"), U32.of("count"), Pad.of("__pad")]


class msg_iscsi_ping(Message):
    fields_desc = [
        U32.of("host_no"), U32.of("iface_num"), U32.of("iface_type"), U32.of("payload_size"), U32.of("pid"),
        Pad.of("__pad"),
    ]


class msg_get_chap(Message):
    fields_desc = [U32.of("host_no"), U32.of("num_entries"), U16.of("chap_tbl_idx"), Pad.of("__pad")]


class msg_delete_chap(Message):
    fields_desc = [U32.of("host_no"), U16.of("chap_tbl_idx"), Pad.of("__pad")]


class msg_set_flashnode_param(Message):
    fields_desc = [U32.of("host_no"), U32.of("flashnode_idx"), U32.of("count"), Pad.of("__pad")]


class msg_new_flashnode(Message):
    fields_desc = [U32.of("host_no"), U32.of("len"), Pad.of("__pad")]


class msg_flashnode(Message):
    fields_desc = [U32.of("host_no"), U32.of("flashnode_idx"), Pad.of("__pad")]


class msg_logout_flashnode_sid(Message):
    fields_desc = [U32.of("host_no"), U32.of("sid"), Pad.of("__pad")]


class msg_retcode(Message):
    fields_desc = [Errno.of("retcode"), Pad.of("__pad")]


class msg_session_ret(Message):
    fields_desc = [U32.of("sid"), U32.of("host_no"), Pad.of("__pad")]


class msg_recv_req(Message):
    fields_desc = [U32.of("sid"), U32.of("cid"), U64.of("recv_handle", base=16), Pad.of("__pad")]


class msg_conn_login(Message):
    fields_desc = [U32.of("sid"), U32.of("cid"), U32.of("state", ISCSI_CONN_STATE), Pad.of("__pad")]


class msg_conn_error(Message):
    fields_desc = [U32.of("sid"), U32.of("cid"), U32.of("error", ISCSI_ERR), Pad.of("__pad")]


class msg_session_destroyed(Message):
    fields_desc = [U32.of("host_no"), U32.of("sid"), Pad.of("__pad")]


class msg_transport_connect_ret(Message):
    fields_desc = [U64.of("handle", base=16), Pad.of("__pad")]


class msg_host_event(Message):
    fields_desc = [U32.of("host_no"), U32.of("data_size"), U32.of("code", ISCSI_EVENT), Pad.of("__pad")]


class msg_ping_comp(Message):
    fields_desc = [U32.of("host_no"), U32.of("status", ISCSI_PING), U32.of("pid"), U32.of("data_size"), Pad.of("__pad")]


class msg_new_flashnode_ret(Message):
    fields_desc = [U32.of("flashnode_idx"), Pad.of("__pad")]
