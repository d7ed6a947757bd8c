"""RDMA devices, ports, resources and counters (rdma/rdma_netlink.h, drivers/infiniband/core/nldev.c)."""

from nldissect.wire import (
    NETLINK_RDMA,
    S32,
    S64,
    U8,
    U32,
    U64,
    Attrs,
    AttrSet,
    Blob,
    Enum,
    Flags,
    Message,
    Nest,
    Pad,
    Struct,
    Text,
    bind_attrs,
    bind_message,
)

from ..common import kernel_sockaddr_storage
from .verbs import (
    IB_DEVICE,
    IB_MIG,
    IB_POLL,
    IB_PORT,
    IB_PORT_CAP,
    IB_PORT_PHYS_STATE,
    IB_QPS,
    IB_QPT,
    IB_SRQT,
    RDMA_CM,
    RDMA_DRIVER,
    RDMA_NODE,
    RDMA_PS,
)


class RDMA_NLDEV_PRINT_TYPE(Enum):
    UNSPEC = 0
    HEX    = 1


class RDMA_COUNTER_MODE(Enum):
    NONE   = 0
    AUTO   = 1
    MANUAL = 2


class RDMA_COUNTER_MASK(Flags):
    QP_TYPE = 1
    PID     = 2


class RDMA_STAT_RES(Enum, prefix="RDMA_NLDEV_ATTR_RES"):
    QP = 19
    MR = 40


class RDMA_DEVICE_TYPE(Enum):
    SMI = 1


class RDMA_NAME_ASSIGN_TYPE(Enum):
    UNKNOWN = 0
    USER    = 1


class RDMA_EVENT(Enum, prefix="RDMA"):
    REGISTER_EVENT      = 0
    UNREGISTER_EVENT    = 1
    NETDEV_ATTACH_EVENT = 2
    NETDEV_DETACH_EVENT = 3


class RDMA_NLDEV(AttrSet):
    ATTR_PAD                        = Pad(0)
    ATTR_DEV_INDEX                  = U32(1)
    ATTR_DEV_NAME                   = Text(2)
    ATTR_PORT_INDEX                 = U32(3)
    ATTR_CAP_FLAGS                  = U64(4, IB_DEVICE)
    ATTR_FW_VERSION                 = Text(5)
    ATTR_NODE_GUID                  = U64(6, base=16)
    ATTR_SYS_IMAGE_GUID             = U64(7, base=16)
    ATTR_SUBNET_PREFIX              = U64(8, base=16)
    ATTR_LID                        = U32(9)
    ATTR_SM_LID                     = U32(10)
    ATTR_LMC                        = U8(11)
    ATTR_PORT_STATE                 = U8(12, IB_PORT)
    ATTR_PORT_PHYS_STATE            = U8(13, IB_PORT_PHYS_STATE)
    ATTR_DEV_NODE_TYPE              = U8(14, RDMA_NODE)
    ATTR_RES_SUMMARY                = Nest(15, "self")
    ATTR_RES_SUMMARY_ENTRY          = Nest(16, "self", many=True)
    ATTR_RES_SUMMARY_ENTRY_NAME     = Text(17)
    ATTR_RES_SUMMARY_ENTRY_CURR     = U64(18)
    ATTR_RES_QP                     = Nest(19, "self")
    ATTR_RES_QP_ENTRY               = Nest(20, "self", many=True)
    ATTR_RES_LQPN                   = U32(21)
    ATTR_RES_RQPN                   = U32(22)
    ATTR_RES_RQ_PSN                 = U32(23)
    ATTR_RES_SQ_PSN                 = U32(24)
    ATTR_RES_PATH_MIG_STATE         = U8(25, IB_MIG)
    ATTR_RES_TYPE                   = U8(26, IB_QPT)
    ATTR_RES_STATE                  = U8(27, IB_QPS)
    ATTR_RES_PID                    = U32(28)
    ATTR_RES_KERN_NAME              = Text(29)
    ATTR_RES_CM_ID                  = Nest(30, "self")
    ATTR_RES_CM_ID_ENTRY            = Nest(31, "self", many=True)
    ATTR_RES_PS                     = U32(32, RDMA_PS)
    ATTR_RES_SRC_ADDR               = Struct(33, kernel_sockaddr_storage)
    ATTR_RES_DST_ADDR               = Struct(34, kernel_sockaddr_storage)
    ATTR_RES_CQ                     = Nest(35, "self")
    ATTR_RES_CQ_ENTRY               = Nest(36, "self", many=True)
    ATTR_RES_CQE                    = U32(37)
    ATTR_RES_USECNT                 = U64(38)
    ATTR_RES_POLL_CTX               = U8(39, IB_POLL)
    ATTR_RES_MR                     = Nest(40, "self")
    ATTR_RES_MR_ENTRY               = Nest(41, "self", many=True)
    ATTR_RES_RKEY                   = U32(42, base=16)
    ATTR_RES_LKEY                   = U32(43, base=16)
    ATTR_RES_IOVA                   = U64(44, base=16)
    ATTR_RES_MRLEN                  = U64(45)
    ATTR_RES_PD                     = Nest(46, "self")
    ATTR_RES_PD_ENTRY               = Nest(47, "self", many=True)
    ATTR_RES_LOCAL_DMA_LKEY         = U32(48, base=16)
    ATTR_RES_UNSAFE_GLOBAL_RKEY     = U32(49, base=16)
    ATTR_NDEV_INDEX                 = U32(50, refers="interface")
    ATTR_NDEV_NAME                  = Text(51)
    ATTR_DRIVER                     = Nest(52, "self")
    ATTR_DRIVER_ENTRY               = Nest(53, "self", many=True)
    ATTR_DRIVER_STRING              = Text(54, many=True)
    ATTR_DRIVER_PRINT_TYPE          = U8(55, RDMA_NLDEV_PRINT_TYPE, many=True)
    ATTR_DRIVER_S32                 = S32(56, many=True)
    ATTR_DRIVER_U32                 = U32(57, many=True)
    ATTR_DRIVER_S64                 = S64(58, many=True)
    ATTR_DRIVER_U64                 = U64(59, many=True)
    ATTR_RES_PDN                    = U32(60)
    ATTR_RES_CQN                    = U32(61)
    ATTR_RES_MRN                    = U32(62)
    ATTR_RES_CM_IDN                 = U32(63)
    ATTR_RES_CTXN                   = U32(64)
    ATTR_LINK_TYPE                  = Text(65)
    SYS_ATTR_NETNS_MODE             = U8(66)
    ATTR_DEV_PROTOCOL               = Text(67)
    NET_NS_FD                       = U32(68)
    ATTR_CHARDEV_TYPE               = Text(69)
    ATTR_CHARDEV_NAME               = Text(70)
    ATTR_CHARDEV_ABI                = U64(71)
    ATTR_CHARDEV                    = U64(72, base=16)
    ATTR_UVERBS_DRIVER_ID           = U32(73, RDMA_DRIVER)
    ATTR_STAT_MODE                  = U32(74, RDMA_COUNTER_MODE)
    ATTR_STAT_RES                   = U32(75, RDMA_STAT_RES)
    ATTR_STAT_AUTO_MODE_MASK        = U32(76, RDMA_COUNTER_MASK)
    ATTR_STAT_COUNTER               = Nest(77, "self")
    ATTR_STAT_COUNTER_ENTRY         = Nest(78, "self", many=True)
    ATTR_STAT_COUNTER_ID            = U32(79)
    ATTR_STAT_HWCOUNTERS            = Nest(80, "self")
    ATTR_STAT_HWCOUNTER_ENTRY       = Nest(81, "self", many=True)
    ATTR_STAT_HWCOUNTER_ENTRY_NAME  = Text(82)
    ATTR_STAT_HWCOUNTER_ENTRY_VALUE = U64(83)
    ATTR_DEV_DIM                    = U8(84)
    ATTR_RES_RAW                    = Blob(85, "an object as its driver has it, in a layout of the hardware")
    ATTR_RES_CTX                    = Nest(86, "self")
    ATTR_RES_CTX_ENTRY              = Nest(87, "self", many=True)
    ATTR_RES_SRQ                    = Nest(88, "self")
    ATTR_RES_SRQ_ENTRY              = Nest(89, "self", many=True)
    ATTR_RES_SRQN                   = U32(90)
    ATTR_MIN_RANGE                  = U32(91)
    ATTR_MAX_RANGE                  = U32(92)
    SYS_ATTR_COPY_ON_FORK           = U8(93)
    ATTR_STAT_HWCOUNTER_INDEX       = U32(94, many=True)
    ATTR_STAT_HWCOUNTER_DYNAMIC     = U8(95)
    SYS_ATTR_PRIVILEGED_QKEY_MODE   = U8(96)
    ATTR_DRIVER_DETAILS             = U8(97)
    ATTR_RES_SUBTYPE                = Text(98)
    ATTR_DEV_TYPE                   = U8(99, RDMA_DEVICE_TYPE)
    ATTR_PARENT_NAME                = Text(100)
    ATTR_NAME_ASSIGN_TYPE           = U8(101, RDMA_NAME_ASSIGN_TYPE)
    ATTR_EVENT_TYPE                 = U8(102, RDMA_EVENT)
    SYS_ATTR_MONITOR_MODE           = U8(103)


bind_attrs(RDMA_NLDEV.ATTR_CAP_FLAGS, U64(None, IB_PORT_CAP), nlmsg_type=0x1405)
bind_attrs(RDMA_NLDEV.ATTR_RES_STATE, U8(None, RDMA_CM), nlmsg_type=0x140B)
bind_attrs(RDMA_NLDEV.ATTR_RES_TYPE, U8(None, IB_SRQT), nlmsg_type=0x1417)


class nldev(Message):
    fields_desc = [Attrs("attrs", RDMA_NLDEV)]
    summary = (
        "[{RDMA_NLDEV_ATTR_EVENT_TYPE} ]"
        "[{RDMA_NLDEV_ATTR_DEV_NAME|RDMA_NLDEV_ATTR_DEV_INDEX}[/{RDMA_NLDEV_ATTR_PORT_INDEX}] ]"
        "[type {RDMA_NLDEV_ATTR_LINK_TYPE} ][node_type {RDMA_NLDEV_ATTR_DEV_NODE_TYPE} ]"
        "[protocol {RDMA_NLDEV_ATTR_DEV_PROTOCOL} ][fw {RDMA_NLDEV_ATTR_FW_VERSION} ]"
        "[node_guid {RDMA_NLDEV_ATTR_NODE_GUID} ][state {RDMA_NLDEV_ATTR_PORT_STATE} ]"
        "[physical_state {RDMA_NLDEV_ATTR_PORT_PHYS_STATE} ][netdev {RDMA_NLDEV_ATTR_NDEV_NAME} ]"
        "[netns {RDMA_NLDEV_SYS_ATTR_NETNS_MODE} ][chardev {RDMA_NLDEV_ATTR_CHARDEV_TYPE} ]"
        "[{RDMA_NLDEV_ATTR_CHARDEV_NAME} ][stat {RDMA_NLDEV_ATTR_STAT_RES} ][mode {RDMA_NLDEV_ATTR_STAT_MODE} ]"
        "[cntn {RDMA_NLDEV_ATTR_STAT_COUNTER_ID} ][resources {RDMA_NLDEV_ATTR_RES_SUMMARY#} ]"
        "[qps {RDMA_NLDEV_ATTR_RES_QP#} ][cm_ids {RDMA_NLDEV_ATTR_RES_CM_ID#} ][cqs {RDMA_NLDEV_ATTR_RES_CQ#} ]"
        "[mrs {RDMA_NLDEV_ATTR_RES_MR#} ][pds {RDMA_NLDEV_ATTR_RES_PD#} ][ctxs {RDMA_NLDEV_ATTR_RES_CTX#} ]"
        "[srqs {RDMA_NLDEV_ATTR_RES_SRQ#} ][counters {RDMA_NLDEV_ATTR_STAT_COUNTER#} ]"
        "[hwcounters {RDMA_NLDEV_ATTR_STAT_HWCOUNTERS#}]"
    )


bind_message(
    nldev, NETLINK_RDMA,
    RDMA_NLDEV_CMD_GET=0x1401, RDMA_NLDEV_CMD_SET=0x1402, RDMA_NLDEV_CMD_NEWLINK=0x1403,
    RDMA_NLDEV_CMD_DELLINK=0x1404, RDMA_NLDEV_CMD_PORT_GET=0x1405, RDMA_NLDEV_CMD_SYS_GET=0x1406,
    RDMA_NLDEV_CMD_SYS_SET=0x1407, RDMA_NLDEV_CMD_RES_GET=0x1409, RDMA_NLDEV_CMD_RES_QP_GET=0x140A,
    RDMA_NLDEV_CMD_RES_CM_ID_GET=0x140B, RDMA_NLDEV_CMD_RES_CQ_GET=0x140C, RDMA_NLDEV_CMD_RES_MR_GET=0x140D,
    RDMA_NLDEV_CMD_RES_PD_GET=0x140E, RDMA_NLDEV_CMD_GET_CHARDEV=0x140F, RDMA_NLDEV_CMD_STAT_SET=0x1410,
    RDMA_NLDEV_CMD_STAT_GET=0x1411, RDMA_NLDEV_CMD_STAT_DEL=0x1412, RDMA_NLDEV_CMD_RES_QP_GET_RAW=0x1413,
    RDMA_NLDEV_CMD_RES_CQ_GET_RAW=0x1414, RDMA_NLDEV_CMD_RES_MR_GET_RAW=0x1415, RDMA_NLDEV_CMD_RES_CTX_GET=0x1416,
    RDMA_NLDEV_CMD_RES_SRQ_GET=0x1417, RDMA_NLDEV_CMD_STAT_GET_STATUS=0x1418, RDMA_NLDEV_CMD_RES_SRQ_GET_RAW=0x1419,
    RDMA_NLDEV_CMD_NEWDEV=0x141A, RDMA_NLDEV_CMD_DELDEV=0x141B, RDMA_NLDEV_CMD_MONITOR=0x141C,
)
