"""Events, errors and states (scsi/iscsi_if.h)."""

from nldissect.wire import Enum


class ISCSI_EVENT_TYPE(Enum, prefix="ISCSI"):
    UEVENT_UNKNOWN                           = 0
    UEVENT_CREATE_SESSION                    = 11
    UEVENT_DESTROY_SESSION                   = 12
    UEVENT_CREATE_CONN                       = 13
    UEVENT_DESTROY_CONN                      = 14
    UEVENT_BIND_CONN                         = 15
    UEVENT_SET_PARAM                         = 16
    UEVENT_START_CONN                        = 17
    UEVENT_STOP_CONN                         = 18
    UEVENT_SEND_PDU                          = 19
    UEVENT_GET_STATS                         = 20
    UEVENT_GET_PARAM                         = 21
    UEVENT_TRANSPORT_EP_CONNECT              = 22
    UEVENT_TRANSPORT_EP_POLL                 = 23
    UEVENT_TRANSPORT_EP_DISCONNECT           = 24
    UEVENT_TGT_DSCVR                         = 25
    UEVENT_SET_HOST_PARAM                    = 26
    UEVENT_UNBIND_SESSION                    = 27
    UEVENT_CREATE_BOUND_SESSION              = 28
    UEVENT_TRANSPORT_EP_CONNECT_THROUGH_HOST = 29
    UEVENT_PATH_UPDATE                       = 30
    UEVENT_SET_IFACE_PARAMS                  = 31
    UEVENT_PING                              = 32
    UEVENT_GET_CHAP                          = 33
    UEVENT_DELETE_CHAP                       = 34
    UEVENT_SET_FLASHNODE_PARAMS              = 35
    UEVENT_NEW_FLASHNODE                     = 36
    UEVENT_DEL_FLASHNODE                     = 37
    UEVENT_LOGIN_FLASHNODE                   = 38
    UEVENT_LOGOUT_FLASHNODE                  = 39
    UEVENT_LOGOUT_FLASHNODE_SID              = 40
    UEVENT_SET_CHAP                          = 41
    UEVENT_GET_HOST_STATS                    = 42
    UEVENT_DESTROY_SESSION_ASYNC             = 43
    KEVENT_RECV_PDU                          = 101
    KEVENT_CONN_ERROR                        = 102
    KEVENT_IF_ERROR                          = 103
    KEVENT_DESTROY_SESSION                   = 104
    KEVENT_UNBIND_SESSION                    = 105
    KEVENT_CREATE_SESSION                    = 106
    KEVENT_PATH_REQ                          = 107
    KEVENT_IF_DOWN                           = 108
    KEVENT_CONN_LOGIN_STATE                  = 109
    KEVENT_HOST_EVENT                        = 110
    KEVENT_PING_COMP                         = 111


class ISCSI_ERR(Enum, prefix="ISCSI"):
    OK                      = 0
    ERR_DATASN              = 1001
    ERR_DATA_OFFSET         = 1002
    ERR_MAX_CMDSN           = 1003
    ERR_EXP_CMDSN           = 1004
    ERR_BAD_OPCODE          = 1005
    ERR_DATALEN             = 1006
    ERR_AHSLEN              = 1007
    ERR_PROTO               = 1008
    ERR_LUN                 = 1009
    ERR_BAD_ITT             = 1010
    ERR_CONN_FAILED         = 1011
    ERR_R2TSN               = 1012
    ERR_SESSION_FAILED      = 1013
    ERR_HDR_DGST            = 1014
    ERR_DATA_DGST           = 1015
    ERR_PARAM_NOT_FOUND     = 1016
    ERR_NO_SCSI_CMD         = 1017
    ERR_INVALID_HOST        = 1018
    ERR_XMIT_FAILED         = 1019
    ERR_TCP_CONN_CLOSE      = 1020
    ERR_SCSI_EH_SESSION_RST = 1021
    ERR_NOP_TIMEDOUT        = 1022


class ISCSI_CONN_STATE(Enum):
    FREE             = 0
    XPT_WAIT         = 1
    IN_LOGIN         = 2
    LOGGED_IN        = 3
    IN_LOGOUT        = 4
    LOGOUT_REQUESTED = 5
    CLEANUP_WAIT     = 6


class ISCSI_PING(Enum):
    SUCCESS                     = 0
    FW_DISABLED                 = 1
    IPADDR_INVALID              = 2
    LINKLOCAL_IPV6_ADDR_INVALID = 3
    TIMEOUT                     = 4
    INVALID_DEST_ADDR           = 5
    OVERSIZE_PACKET             = 6
    ICMP_ERROR                  = 7
    MAX_REQ_EXCEEDED            = 8
    NO_ARP_RECEIVED             = 9


class ISCSI_TGT_DSCVR(Enum):
    SEND_TARGETS = 1
    ISNS         = 2
    SLP          = 3


class ISCSI_EVENT(Enum):
    LINKUP   = 1
    LINKDOWN = 2


class CHAP_TYPE(Enum):
    OUT = 0
    IN  = 1


class STOP_CONN(Enum):
    TERM    = 1
    SUSPEND = 2
    RECOVER = 3


class ISCSI_IFACE_TYPE(Enum):
    IPV4 = 1
    IPV6 = 2
