"""DRBD: its header and commands (linux/drbd_genl.h, drbd_genl_api.h).

Bit 14 of an attribute's number says here that who does not know it must refuse it (DRBD_GENLA_F_MANDATORY). One of
number 0 without value aligns a 64-bit number.
"""

from nldissect.wire import S32, U32, Attrs, AttrSet, Message, Nest, bind_genl

from .configuration import (
    DRBD_cfg_context,
    DRBD_cfg_reply,
    DRBD_detach_parms,
    DRBD_disconnect_parms,
    DRBD_disk_conf,
    DRBD_net_conf,
    DRBD_new_c_uuid_parms,
    DRBD_res_opts,
    DRBD_resize_parms,
    DRBD_set_role_parms,
    DRBD_start_ov_parms,
    DRBD_timeout_parms,
)
from .states import DRBD_GENL_F, DRBD_RET_CODE
from .status import (
    DRBD_connection_info,
    DRBD_connection_statistics,
    DRBD_device_info,
    DRBD_device_statistics,
    DRBD_helper_info,
    DRBD_notification_header,
    DRBD_peer_device_info,
    DRBD_peer_device_statistics,
    DRBD_resource_info,
    DRBD_resource_statistics,
    DRBD_state_info,
)


class DRBD_NLA(AttrSet):
    CFG_REPLY              = Nest(1, DRBD_cfg_reply)
    CFG_CONTEXT            = Nest(2, DRBD_cfg_context)
    DISK_CONF              = Nest(3, DRBD_disk_conf)
    RESOURCE_OPTS          = Nest(4, DRBD_res_opts)
    NET_CONF               = Nest(5, DRBD_net_conf)
    SET_ROLE_PARMS         = Nest(6, DRBD_set_role_parms)
    RESIZE_PARMS           = Nest(7, DRBD_resize_parms)
    STATE_INFO             = Nest(8, DRBD_state_info)
    START_OV_PARMS         = Nest(9, DRBD_start_ov_parms)
    NEW_C_UUID_PARMS       = Nest(10, DRBD_new_c_uuid_parms)
    TIMEOUT_PARMS          = Nest(11, DRBD_timeout_parms)
    DISCONNECT_PARMS       = Nest(12, DRBD_disconnect_parms)
    DETACH_PARMS           = Nest(13, DRBD_detach_parms)
    RESOURCE_INFO          = Nest(15, DRBD_resource_info)
    DEVICE_INFO            = Nest(16, DRBD_device_info)
    CONNECTION_INFO        = Nest(17, DRBD_connection_info)
    PEER_DEVICE_INFO       = Nest(18, DRBD_peer_device_info)
    RESOURCE_STATISTICS    = Nest(19, DRBD_resource_statistics)
    DEVICE_STATISTICS      = Nest(20, DRBD_device_statistics)
    CONNECTION_STATISTICS  = Nest(21, DRBD_connection_statistics)
    PEER_DEVICE_STATISTICS = Nest(22, DRBD_peer_device_statistics)
    NOTIFICATION_HEADER    = Nest(23, DRBD_notification_header)
    HELPER                 = Nest(24, DRBD_helper_info)


LINE = (
    "[resource {T_ctx_resource_name} ][volume {T_ctx_volume} ][{!T_ctx_resource_name}minor {minor} ]"
    "[peer {T_ctx_peer_addr.sin_addr|T_ctx_peer_addr.sin6_addr} ][disk {T_backing_dev} ]"
    "[protocol {T_wire_protocol} ][size {T_resize_size} ][{T_nh_type} ][{T_sib_reason} ][{T_res_role} ]"
    "[disk {T_dev_disk_state} ][connection {T_conn_connection_state} ][peer {T_conn_role} ]"
    "[replication {T_peer_repl_state} ][peer's disk {T_peer_disk_state} ]"
    "[helper {T_helper|T_helper_name} ][status {T_helper_exit_code|T_helper_status} ]"
)


class drbd_genlmsghdr(Message):
    fields_desc = [U32.of("minor", silent=(0xFFFF_FFFF,)), U32.of("flags_", DRBD_GENL_F), Attrs("attrs", DRBD_NLA)]
    summary = LINE + "[<{drbd_genlmsghdr.flags}>]"


class drbd_genlmsghdr_reply(Message):
    """The same struct from the kernel, for which the union holds a result."""

    fields_desc = [U32.of("minor", silent=(0xFFFF_FFFF,)), S32.of("ret_code", DRBD_RET_CODE), Attrs("attrs", DRBD_NLA)]
    summary = LINE + "[{ret_code} ][{T_info_text}]"


COMMANDS = {
    "DRBD_EVENT": 1,
    "DRBD_ADM_GET_STATUS": 2,
    "DRBD_ADM_NEW_MINOR": 5,
    "DRBD_ADM_DEL_MINOR": 6,
    "DRBD_ADM_NEW_RESOURCE": 7,
    "DRBD_ADM_DEL_RESOURCE": 8,
    "DRBD_ADM_RESOURCE_OPTS": 9,
    "DRBD_ADM_CONNECT": 10,
    "DRBD_ADM_DISCONNECT": 11,
    "DRBD_ADM_ATTACH": 12,
    "DRBD_ADM_RESIZE": 13,
    "DRBD_ADM_PRIMARY": 14,
    "DRBD_ADM_SECONDARY": 15,
    "DRBD_ADM_NEW_C_UUID": 16,
    "DRBD_ADM_START_OV": 17,
    "DRBD_ADM_DETACH": 18,
    "DRBD_ADM_INVALIDATE": 19,
    "DRBD_ADM_INVAL_PEER": 20,
    "DRBD_ADM_PAUSE_SYNC": 21,
    "DRBD_ADM_RESUME_SYNC": 22,
    "DRBD_ADM_SUSPEND_IO": 23,
    "DRBD_ADM_RESUME_IO": 24,
    "DRBD_ADM_OUTDATE": 25,
    "DRBD_ADM_GET_TIMEOUT_TYPE": 26,
    "DRBD_ADM_DOWN": 27,
    "DRBD_ADM_CHG_DISK_OPTS": 28,
    "DRBD_ADM_CHG_NET_OPTS": 29,
    "DRBD_ADM_GET_RESOURCES": 30,
    "DRBD_ADM_GET_DEVICES": 31,
    "DRBD_ADM_GET_CONNECTIONS": 32,
    "DRBD_ADM_GET_PEER_DEVICES": 33,
    "DRBD_RESOURCE_STATE": 34,
    "DRBD_DEVICE_STATE": 35,
    "DRBD_CONNECTION_STATE": 36,
    "DRBD_PEER_DEVICE_STATE": 37,
    "DRBD_ADM_GET_INITIAL_STATE": 38,
    "DRBD_HELPER": 40,
    "DRBD_INITIAL_STATE_DONE": 41,
}

bind_genl(drbd_genlmsghdr, "drbd", to="kernel", **COMMANDS)
bind_genl(drbd_genlmsghdr_reply, "drbd", to="user", **COMMANDS)
