"""struct iscsi_uevent: what iscsid asks, what the kernel answers and tells (scsi/iscsi_if.h).

A request and its answer share a type, in nlmsghdr as in the struct; one that failed has ISCSI_KEVENT_IF_ERROR in the
struct. What the kernel tells by itself has 0 in nlmsghdr.
"""

from nldissect.wire import (
    NETLINK_ISCSI,
    U32,
    U64,
    Blob,
    Errno,
    Message,
    Nests,
    Pad,
    Secret,
    Structs,
    Text,
    bind_attrs,
    bind_message,
)

from ..common import kernel_sockaddr_storage
from . import parts
from .names import ISCSI_EVENT_TYPE
from .params import ISCSI_PARAM
from .payloads import (
    iscsi_chap_rec,
    iscsi_flashnode_param_info,
    iscsi_iface_param_info,
    iscsi_offload_host_stats,
    iscsi_param_info,
    iscsi_path,
    iscsi_stats,
)

REASON = "of a kind of event that is not known"


class iscsi_uevent(Message):
    """`u` is what user space asked, `r` what the kernel tells."""

    fields_desc = [
        U32.of("type", ISCSI_EVENT_TYPE), Errno.of("iferror"), U64.of("transport_handle", base=16),
        Pad.of("u", 24), Pad.of("r", 16), Blob.of("data", REASON),
    ]
    summary = (
        "{iscsi_uevent.type}[ {iferror}][ retcode {retcode}][ sid {sid}][ cid {cid}][ host {host_no}][ {param}]"
        "[ {state}][ {error}][ {code}][ {status}][ to {sin_addr|sin6_addr}:{sin_port|sin6_port}][ path to {dst}]"
    )


class iscsi_set_param(Message):
    """The same struct where `u` is msg_set_param: the parameter decides what the text behind it is."""

    fields_desc = [
        U32.of("type", ISCSI_EVENT_TYPE), Errno.of("iferror"), U64.of("transport_handle", base=16),
        U32.of("sid"), U32.of("cid"), U32.of("param", ISCSI_PARAM), U32.of("len"), Pad.of("__pad", 8),
        Errno.of("retcode"), Pad.of("__end", 12), Text.of("value"),
    ]
    summary = "{type}[ {iferror}] sid {sid} cid {cid} {param}[ {value}]"


PDU = Blob(None, "an iSCSI PDU")
DRIVERS = Blob(None, "of the host's driver")
CHAP_RECORDS = Structs(None, iscsi_chap_rec)
CHAP_PARAMS = Nests(None, iscsi_param_info)
IFACE_PARAMS = Nests(None, iscsi_iface_param_info)
FLASHNODE_PARAMS = Nests(None, iscsi_flashnode_param_info)
TEXT = Text(None)

E = ISCSI_EVENT_TYPE
ASKED = {
    parts.msg_create_session:                 (E.UEVENT_CREATE_SESSION,),
    parts.msg_create_bound_session:           (E.UEVENT_CREATE_BOUND_SESSION,),
    parts.msg_session:                        (E.UEVENT_DESTROY_SESSION, E.UEVENT_UNBIND_SESSION,
                                               E.UEVENT_DESTROY_SESSION_ASYNC),
    parts.msg_conn:                           (E.UEVENT_CREATE_CONN, E.UEVENT_DESTROY_CONN, E.UEVENT_START_CONN,
                                               E.UEVENT_GET_STATS),
    parts.msg_bind_conn:                      (E.UEVENT_BIND_CONN,),
    parts.msg_send_pdu:                       (E.UEVENT_SEND_PDU,),
    parts.msg_stop_conn:                      (E.UEVENT_STOP_CONN,),
    parts.msg_transport_connect:              (E.UEVENT_TRANSPORT_EP_CONNECT,),
    parts.msg_transport_connect_through_host: (E.UEVENT_TRANSPORT_EP_CONNECT_THROUGH_HOST,),
    parts.msg_transport_poll:                 (E.UEVENT_TRANSPORT_EP_POLL,),
    parts.msg_transport_disconnect:           (E.UEVENT_TRANSPORT_EP_DISCONNECT,),
    parts.msg_tgt_dscvr:                      (E.UEVENT_TGT_DSCVR,),
    parts.msg_set_host_param:                 (E.UEVENT_SET_HOST_PARAM,),
    parts.msg_host:                           (E.UEVENT_PATH_UPDATE, E.UEVENT_GET_HOST_STATS),
    parts.msg_set_iface_params:               (E.UEVENT_SET_IFACE_PARAMS,),
    parts.msg_iscsi_ping:                     (E.UEVENT_PING,),
    parts.msg_get_chap:                       (E.UEVENT_GET_CHAP, E.UEVENT_SET_CHAP),
    parts.msg_delete_chap:                    (E.UEVENT_DELETE_CHAP,),
    parts.msg_set_flashnode_param:            (E.UEVENT_SET_FLASHNODE_PARAMS,),
    parts.msg_new_flashnode:                  (E.UEVENT_NEW_FLASHNODE,),
    parts.msg_flashnode:                      (E.UEVENT_DEL_FLASHNODE, E.UEVENT_LOGIN_FLASHNODE,
                                               E.UEVENT_LOGOUT_FLASHNODE),
    parts.msg_logout_flashnode_sid:           (E.UEVENT_LOGOUT_FLASHNODE_SID,),
}
TOLD = {
    parts.msg_session_ret:           (E.KEVENT_UNBIND_SESSION, E.KEVENT_CREATE_SESSION, E.UEVENT_CREATE_SESSION,
                                      E.UEVENT_CREATE_BOUND_SESSION),
    parts.msg_recv_req:              (E.KEVENT_RECV_PDU,),
    parts.msg_conn_login:            (E.KEVENT_CONN_LOGIN_STATE,),
    parts.msg_conn_error:            (E.KEVENT_CONN_ERROR,),
    parts.msg_session_destroyed:     (E.KEVENT_DESTROY_SESSION,),
    parts.msg_host:                  (E.KEVENT_PATH_REQ, E.KEVENT_IF_DOWN),
    parts.msg_host_event:            (E.KEVENT_HOST_EVENT,),
    parts.msg_ping_comp:             (E.KEVENT_PING_COMP,),
    parts.msg_conn:                  (E.UEVENT_CREATE_CONN,),
    parts.msg_transport_connect_ret: (E.UEVENT_TRANSPORT_EP_CONNECT, E.UEVENT_TRANSPORT_EP_CONNECT_THROUGH_HOST),
    parts.msg_new_flashnode_ret:     (E.UEVENT_NEW_FLASHNODE,),
}
BEHIND = {
    kernel_sockaddr_storage:  (E.UEVENT_TRANSPORT_EP_CONNECT, E.UEVENT_TRANSPORT_EP_CONNECT_THROUGH_HOST,
                               E.UEVENT_TGT_DSCVR, E.UEVENT_PING),
    iscsi_path:               (E.UEVENT_PATH_UPDATE, E.KEVENT_PATH_REQ),
    iscsi_stats:              (E.UEVENT_GET_STATS,),
    iscsi_offload_host_stats: (E.UEVENT_GET_HOST_STATS,),
    PDU:                      (E.UEVENT_SEND_PDU, E.KEVENT_RECV_PDU),
    DRIVERS:                  (E.KEVENT_HOST_EVENT, E.KEVENT_PING_COMP),
    CHAP_RECORDS:             (E.UEVENT_GET_CHAP,),
    CHAP_PARAMS:              (E.UEVENT_SET_CHAP,),
    IFACE_PARAMS:             (E.UEVENT_SET_IFACE_PARAMS,),
    FLASHNODE_PARAMS:         (E.UEVENT_SET_FLASHNODE_PARAMS,),
    TEXT:                     (E.UEVENT_SET_HOST_PARAM, E.UEVENT_NEW_FLASHNODE),
}

for part, types in ASKED.items():
    bind_attrs(iscsi_uevent.u, part, type=types)
    bind_attrs(iscsi_uevent.u, part, type=E.KEVENT_IF_ERROR, nlmsg_type=types)
for part, types in TOLD.items():
    bind_attrs(iscsi_uevent.r, part, type=types, to="user")
bind_attrs(iscsi_uevent.r, parts.msg_retcode, to="user")
for content, types in BEHIND.items():
    bind_attrs(iscsi_uevent.data, content, type=types)
bind_attrs(iscsi_set_param.value, Secret(), param=(ISCSI_PARAM.PASSWORD, ISCSI_PARAM.PASSWORD_IN))

bind_message(iscsi_set_param, NETLINK_ISCSI, ISCSI_UEVENT_SET_PARAM=16)
bind_message(
    iscsi_uevent, NETLINK_ISCSI,
    ISCSI_UEVENT_UNKNOWN=0, ISCSI_UEVENT_CREATE_SESSION=11, ISCSI_UEVENT_DESTROY_SESSION=12,
    ISCSI_UEVENT_CREATE_CONN=13, ISCSI_UEVENT_DESTROY_CONN=14, ISCSI_UEVENT_BIND_CONN=15, ISCSI_UEVENT_START_CONN=17,
    ISCSI_UEVENT_STOP_CONN=18, ISCSI_UEVENT_SEND_PDU=19, ISCSI_UEVENT_GET_STATS=20, ISCSI_UEVENT_GET_PARAM=21,
    ISCSI_UEVENT_TRANSPORT_EP_CONNECT=22, ISCSI_UEVENT_TRANSPORT_EP_POLL=23, ISCSI_UEVENT_TRANSPORT_EP_DISCONNECT=24,
    ISCSI_UEVENT_TGT_DSCVR=25, ISCSI_UEVENT_SET_HOST_PARAM=26, ISCSI_UEVENT_UNBIND_SESSION=27,
    ISCSI_UEVENT_CREATE_BOUND_SESSION=28, ISCSI_UEVENT_TRANSPORT_EP_CONNECT_THROUGH_HOST=29,
    ISCSI_UEVENT_PATH_UPDATE=30, ISCSI_UEVENT_SET_IFACE_PARAMS=31, ISCSI_UEVENT_PING=32, ISCSI_UEVENT_GET_CHAP=33,
    ISCSI_UEVENT_DELETE_CHAP=34, ISCSI_UEVENT_SET_FLASHNODE_PARAMS=35, ISCSI_UEVENT_NEW_FLASHNODE=36,
    ISCSI_UEVENT_DEL_FLASHNODE=37, ISCSI_UEVENT_LOGIN_FLASHNODE=38, ISCSI_UEVENT_LOGOUT_FLASHNODE=39,
    ISCSI_UEVENT_LOGOUT_FLASHNODE_SID=40, ISCSI_UEVENT_SET_CHAP=41, ISCSI_UEVENT_GET_HOST_STATS=42,
    ISCSI_UEVENT_DESTROY_SESSION_ASYNC=43,
)
