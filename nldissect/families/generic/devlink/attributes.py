"""Devlink's one large set of attributes, and its messages (linux/devlink.h, net/devlink/).

Newer than 6.12: what stands behind REGION_DIRECT, from the kernel named there.
"""

from nldissect.wire import (
    S32,
    U8,
    U16,
    U32,
    U64,
    AttrSet,
    Bitfield32,
    Blob,
    Flag,
    Nest,
    Pad,
    Text,
    Uint,
    bind_attrs,
    bind_genl,
)

from .constants import (
    DEVLINK_DPIPE_ACTION_TYPE,
    DEVLINK_DPIPE_FIELD_MAPPING_TYPE,
    DEVLINK_DPIPE_HEADER,
    DEVLINK_DPIPE_MATCH_TYPE,
    DEVLINK_ESWITCH_ENCAP_MODE,
    DEVLINK_ESWITCH_INLINE_MODE,
    DEVLINK_ESWITCH_MODE,
    DEVLINK_FLASH_OVERWRITE,
    DEVLINK_HEALTH_REPORTER_STATE,
    DEVLINK_LINECARD_STATE,
    DEVLINK_PARAM_CMODE,
    DEVLINK_PORT_FLAVOUR,
    DEVLINK_PORT_TYPE,
    DEVLINK_RATE_TYPE,
    DEVLINK_RELOAD_ACTION,
    DEVLINK_RELOAD_ACTIONS,
    DEVLINK_RELOAD_LIMIT,
    DEVLINK_RELOAD_LIMITS,
    DEVLINK_RESOURCE_UNIT,
    DEVLINK_SB_POOL_TYPE,
    DEVLINK_SB_THRESHOLD_TYPE,
    DEVLINK_TRAP_ACTION,
    DEVLINK_TRAP_TYPE,
    DEVLINK_VAR_ATTR_TYPE,
)
from .nests import (
    DEVLINK_ATTR_SELFTEST_ID,
    DEVLINK_FMSG,
    DEVLINK_LINECARD_TYPES,
    DEVLINK_PARAM,
    DEVLINK_PARAM_VALUE,
    DEVLINK_PARAM_VALUES,
    DEVLINK_PORT_FUNCTION,
    DEVLINK_RATE_TC_ATTR,
    DEVLINK_SELFTEST_RESULTS,
    DEVLINK_STATS,
    DEVLINK_TRAP_METADATA,
    TYPED,
    type_values,
)


class DEVLINK_ATTR(AttrSet):
    BUS_NAME                        = Text(1)
    DEV_NAME                        = Text(2)
    PORT_INDEX                      = U32(3)
    PORT_TYPE                       = U16(4, DEVLINK_PORT_TYPE)
    PORT_DESIRED_TYPE               = U16(5, DEVLINK_PORT_TYPE)
    PORT_NETDEV_IFINDEX             = U32(6, refers="interface")
    PORT_NETDEV_NAME                = Text(7)
    PORT_IBDEV_NAME                 = Text(8)
    PORT_SPLIT_COUNT                = U32(9)
    PORT_SPLIT_GROUP                = U32(10)
    SB_INDEX                        = U32(11)
    SB_SIZE                         = U32(12)
    SB_INGRESS_POOL_COUNT           = U16(13)
    SB_EGRESS_POOL_COUNT            = U16(14)
    SB_INGRESS_TC_COUNT             = U16(15)
    SB_EGRESS_TC_COUNT              = U16(16)
    SB_POOL_INDEX                   = U16(17)
    SB_POOL_TYPE                    = U8(18, DEVLINK_SB_POOL_TYPE)
    SB_POOL_SIZE                    = U32(19)
    SB_POOL_THRESHOLD_TYPE          = U8(20, DEVLINK_SB_THRESHOLD_TYPE)
    SB_THRESHOLD                    = U32(21)
    SB_TC_INDEX                     = U16(22)
    SB_OCC_CUR                      = U32(23)
    SB_OCC_MAX                      = U32(24)
    ESWITCH_MODE                    = U16(25, DEVLINK_ESWITCH_MODE)
    ESWITCH_INLINE_MODE             = U8(26, DEVLINK_ESWITCH_INLINE_MODE)
    DPIPE_TABLES                    = Nest(27, "self")
    DPIPE_TABLE                     = Nest(28, "self", many=True)
    DPIPE_TABLE_NAME                = Text(29)
    DPIPE_TABLE_SIZE                = U64(30)
    DPIPE_TABLE_MATCHES             = Nest(31, "self")
    DPIPE_TABLE_ACTIONS             = Nest(32, "self")
    DPIPE_TABLE_COUNTERS_ENABLED    = U8(33)
    DPIPE_ENTRIES                   = Nest(34, "self")
    DPIPE_ENTRY                     = Nest(35, "self", many=True)
    DPIPE_ENTRY_INDEX               = U64(36)
    DPIPE_ENTRY_MATCH_VALUES        = Nest(37, "self")
    DPIPE_ENTRY_ACTION_VALUES       = Nest(38, "self")
    DPIPE_ENTRY_COUNTER             = U64(39)
    DPIPE_MATCH                     = Nest(40, "self", many=True)
    DPIPE_MATCH_VALUE               = Nest(41, "self", many=True)
    DPIPE_MATCH_TYPE                = U32(42, DEVLINK_DPIPE_MATCH_TYPE)
    DPIPE_ACTION                    = Nest(43, "self", many=True)
    DPIPE_ACTION_VALUE              = Nest(44, "self", many=True)
    DPIPE_ACTION_TYPE               = U32(45, DEVLINK_DPIPE_ACTION_TYPE)
    DPIPE_VALUE                     = Blob(46, "a header field, as wide as the device has it")
    DPIPE_VALUE_MASK                = Blob(47, "a header field, as wide as the device has it")
    DPIPE_VALUE_MAPPING             = U32(48)
    DPIPE_HEADERS                   = Nest(49, "self")
    DPIPE_HEADER                    = Nest(50, "self", many=True)
    DPIPE_HEADER_NAME               = Text(51)
    DPIPE_HEADER_ID                 = U32(52)
    DPIPE_HEADER_FIELDS             = Nest(53, "self")
    DPIPE_HEADER_GLOBAL             = U8(54)
    DPIPE_HEADER_INDEX              = U32(55)
    DPIPE_FIELD                     = Nest(56, "self", many=True)
    DPIPE_FIELD_NAME                = Text(57)
    DPIPE_FIELD_ID                  = U32(58)
    DPIPE_FIELD_BITWIDTH            = U32(59)
    DPIPE_FIELD_MAPPING_TYPE        = U32(60, DEVLINK_DPIPE_FIELD_MAPPING_TYPE)
    PAD                             = Pad(61)
    ESWITCH_ENCAP_MODE              = U8(62, DEVLINK_ESWITCH_ENCAP_MODE)
    RESOURCE_LIST                   = Nest(63, "self")
    RESOURCE                        = Nest(64, "self", many=True)
    RESOURCE_NAME                   = Text(65)
    RESOURCE_ID                     = U64(66)
    RESOURCE_SIZE                   = U64(67, measure="limit")
    RESOURCE_SIZE_NEW               = U64(68, measure="limit")
    RESOURCE_SIZE_VALID             = U8(69)
    RESOURCE_SIZE_MIN               = U64(70, measure="limit")
    RESOURCE_SIZE_MAX               = U64(71, measure="limit")
    RESOURCE_SIZE_GRAN              = U64(72, measure="limit")
    RESOURCE_UNIT                   = U8(73, DEVLINK_RESOURCE_UNIT)
    RESOURCE_OCC                    = U64(74, measure="limit")
    DPIPE_TABLE_RESOURCE_ID         = U64(75)
    DPIPE_TABLE_RESOURCE_UNITS      = U64(76)
    PORT_FLAVOUR                    = U16(77, DEVLINK_PORT_FLAVOUR)
    PORT_NUMBER                     = U32(78)
    PORT_SPLIT_SUBPORT_NUMBER       = U32(79)
    PARAM                           = Nest(80, DEVLINK_PARAM)
    PARAM_NAME                      = Text(81)
    PARAM_GENERIC                   = Flag(82)
    PARAM_TYPE                      = U8(83, DEVLINK_VAR_ATTR_TYPE)
    PARAM_VALUES_LIST               = Nest(84, DEVLINK_PARAM_VALUES)
    PARAM_VALUE                     = Nest(85, DEVLINK_PARAM_VALUE, many=True)
    PARAM_VALUE_DATA                = Blob(86, TYPED)
    PARAM_VALUE_CMODE               = U8(87, DEVLINK_PARAM_CMODE)
    REGION_NAME                     = Text(88)
    REGION_SIZE                     = U64(89)
    REGION_SNAPSHOTS                = Nest(90, "self")
    REGION_SNAPSHOT                 = Nest(91, "self", many=True)
    REGION_SNAPSHOT_ID              = U32(92)
    REGION_CHUNKS                   = Nest(93, "self")
    REGION_CHUNK                    = Nest(94, "self", many=True)
    REGION_CHUNK_DATA               = Blob(95, "memory of the device")
    REGION_CHUNK_ADDR               = U64(96, base=16)
    REGION_CHUNK_LEN                = U64(97)
    INFO_DRIVER_NAME                = Text(98)
    INFO_SERIAL_NUMBER              = Text(99)
    INFO_VERSION_FIXED              = Nest(100, "self", many=True)
    INFO_VERSION_RUNNING            = Nest(101, "self", many=True)
    INFO_VERSION_STORED             = Nest(102, "self", many=True)
    INFO_VERSION_NAME               = Text(103)
    INFO_VERSION_VALUE              = Text(104)
    SB_POOL_CELL_SIZE               = U32(105)
    FMSG                            = Nest(106, DEVLINK_FMSG)
    HEALTH_REPORTER                 = Nest(114, "self")
    HEALTH_REPORTER_NAME            = Text(115)
    HEALTH_REPORTER_STATE           = U8(116, DEVLINK_HEALTH_REPORTER_STATE)
    HEALTH_REPORTER_ERR_COUNT       = U64(117)
    HEALTH_REPORTER_RECOVER_COUNT   = U64(118)
    HEALTH_REPORTER_DUMP_TS         = U64(119, measure="ms")                          # since boot
    HEALTH_REPORTER_GRACEFUL_PERIOD = U64(120, measure="ms")
    HEALTH_REPORTER_AUTO_RECOVER    = U8(121)
    FLASH_UPDATE_FILE_NAME          = Text(122)
    FLASH_UPDATE_COMPONENT          = Text(123)
    FLASH_UPDATE_STATUS_MSG         = Text(124)
    FLASH_UPDATE_STATUS_DONE        = U64(125)
    FLASH_UPDATE_STATUS_TOTAL       = U64(126)
    PORT_PCI_PF_NUMBER              = U16(127)
    PORT_PCI_VF_NUMBER              = U16(128)
    STATS                           = Nest(129, DEVLINK_STATS)
    TRAP_NAME                       = Text(130)
    TRAP_ACTION                     = U8(131, DEVLINK_TRAP_ACTION)
    TRAP_TYPE                       = U8(132, DEVLINK_TRAP_TYPE)
    TRAP_GENERIC                    = Flag(133)
    TRAP_METADATA                   = Nest(134, DEVLINK_TRAP_METADATA)
    TRAP_GROUP_NAME                 = Text(135)
    RELOAD_FAILED                   = U8(136)
    HEALTH_REPORTER_DUMP_TS_NS      = U64(137, measure="time_ns")
    NETNS_FD                        = U32(138)
    NETNS_PID                       = U32(139)
    NETNS_ID                        = S32(140)
    HEALTH_REPORTER_AUTO_DUMP       = U8(141)
    TRAP_POLICER_ID                 = U32(142)
    TRAP_POLICER_RATE               = U64(143, measure="packets/s")
    TRAP_POLICER_BURST              = U64(144)
    PORT_FUNCTION                   = Nest(145, DEVLINK_PORT_FUNCTION)
    INFO_BOARD_SERIAL_NUMBER        = Text(146)
    PORT_LANES                      = U32(147)
    PORT_SPLITTABLE                 = U8(148)
    PORT_EXTERNAL                   = U8(149)
    PORT_CONTROLLER_NUMBER          = U32(150)
    FLASH_UPDATE_STATUS_TIMEOUT     = U64(151, measure="s")
    FLASH_UPDATE_OVERWRITE_MASK     = Bitfield32(152, DEVLINK_FLASH_OVERWRITE)
    RELOAD_ACTION                   = U8(153, DEVLINK_RELOAD_ACTION)
    RELOAD_ACTIONS_PERFORMED        = Bitfield32(154, DEVLINK_RELOAD_ACTIONS)
    RELOAD_LIMITS                   = Bitfield32(155, DEVLINK_RELOAD_LIMITS)
    DEV_STATS                       = Nest(156, "self")
    RELOAD_STATS                    = Nest(157, "self")
    RELOAD_STATS_ENTRY              = Nest(158, "self", many=True)
    RELOAD_STATS_LIMIT              = U8(159, DEVLINK_RELOAD_LIMIT)
    RELOAD_STATS_VALUE              = U32(160)
    REMOTE_RELOAD_STATS             = Nest(161, "self")
    RELOAD_ACTION_INFO              = Nest(162, "self", many=True)
    RELOAD_ACTION_STATS             = Nest(163, "self", many=True)
    PORT_PCI_SF_NUMBER              = U32(164)
    RATE_TYPE                       = U16(165, DEVLINK_RATE_TYPE)
    RATE_TX_SHARE                   = U64(166, measure="B/s")
    RATE_TX_MAX                     = U64(167, measure="B/s")
    RATE_NODE_NAME                  = Text(168)
    RATE_PARENT_NODE_NAME           = Text(169)
    REGION_MAX_SNAPSHOTS            = U32(170)
    LINECARD_INDEX                  = U32(171)
    LINECARD_STATE                  = U8(172, DEVLINK_LINECARD_STATE)
    LINECARD_TYPE                   = Text(173)
    LINECARD_SUPPORTED_TYPES        = Nest(174, DEVLINK_LINECARD_TYPES)
    NESTED_DEVLINK                  = Nest(175, "self")
    SELFTESTS                       = Nest(176, DEVLINK_ATTR_SELFTEST_ID)
    RATE_TX_PRIORITY                = U32(177)
    RATE_TX_WEIGHT                  = U32(178)
    REGION_DIRECT                   = Flag(179)
    RATE_TC_BWS                     = Nest(180, DEVLINK_RATE_TC_ATTR, many=True)      # 6.17
    HEALTH_REPORTER_BURST_PERIOD    = U64(181, measure="ms")                          # 6.18
    PARAM_VALUE_DEFAULT             = Blob(182, TYPED)                                # 6.19, as the next
    PARAM_RESET_DEFAULT             = Flag(183)
    INDEX                           = Uint(184)                                       # 7.1

    template = (
        "[{DEVLINK_ATTR_BUS_NAME}/{DEVLINK_ATTR_DEV_NAME}[/{DEVLINK_ATTR_PORT_INDEX}] ]"
        "[driver {DEVLINK_ATTR_INFO_DRIVER_NAME} ][serial {DEVLINK_ATTR_INFO_SERIAL_NUMBER} ]"
        "[{*.DEVLINK_ATTR_INFO_VERSION_NAME} {*.DEVLINK_ATTR_INFO_VERSION_VALUE} ... ]"
        "[type {DEVLINK_ATTR_PORT_TYPE} ][netdev {DEVLINK_ATTR_PORT_NETDEV_NAME} ]"
        "[ibdev {DEVLINK_ATTR_PORT_IBDEV_NAME} ][flavour {DEVLINK_ATTR_PORT_FLAVOUR} ]"
        "[port {DEVLINK_ATTR_PORT_NUMBER} ][pfnum {DEVLINK_ATTR_PORT_PCI_PF_NUMBER} ]"
        "[vfnum {DEVLINK_ATTR_PORT_PCI_VF_NUMBER} ][sfnum {DEVLINK_ATTR_PORT_PCI_SF_NUMBER} ]"
        "[lanes {DEVLINK_ATTR_PORT_LANES} ][split {DEVLINK_ATTR_PORT_SPLIT_COUNT} ]"
        "[hw_addr {DEVLINK_PORT_FUNCTION_ATTR_HW_ADDR} ][state {DEVLINK_PORT_FN_ATTR_STATE} ]"
        "[sb {DEVLINK_ATTR_SB_INDEX} ][size {DEVLINK_ATTR_SB_SIZE} ][pool {DEVLINK_ATTR_SB_POOL_INDEX} ]"
        "[tc {DEVLINK_ATTR_SB_TC_INDEX} ][{DEVLINK_ATTR_SB_POOL_TYPE} ][size {DEVLINK_ATTR_SB_POOL_SIZE} ]"
        "[thtype {DEVLINK_ATTR_SB_POOL_THRESHOLD_TYPE} ][threshold {DEVLINK_ATTR_SB_THRESHOLD} ]"
        "[occ {DEVLINK_ATTR_SB_OCC_CUR} ][max {DEVLINK_ATTR_SB_OCC_MAX} ][mode {DEVLINK_ATTR_ESWITCH_MODE} ]"
        "[inline-mode {DEVLINK_ATTR_ESWITCH_INLINE_MODE} ][encap-mode {DEVLINK_ATTR_ESWITCH_ENCAP_MODE} ]"
        "[table {DEVLINK_ATTR_DPIPE_TABLE_NAME*} ][header {DEVLINK_ATTR_DPIPE_HEADER_NAME*} ]"
        "[resources {DEVLINK_ATTR_RESOURCE_NAME*} ][{!DEVLINK_ATTR_RESOURCE_NAME}resource {DEVLINK_ATTR_RESOURCE_ID} ]"
        "[{!DEVLINK_ATTR_RESOURCE_NAME}size {DEVLINK_ATTR_RESOURCE_SIZE} ]"
        "[param {*.DEVLINK_ATTR_PARAM_NAME} ][type {*.DEVLINK_ATTR_PARAM_TYPE} ]"
        "[value {DEVLINK_ATTR_PARAM_VALUE_DATA*} ][cmode {DEVLINK_ATTR_PARAM_VALUE_CMODE*} ]"
        "[region {DEVLINK_ATTR_REGION_NAME} ][size {DEVLINK_ATTR_REGION_SIZE} ]"
        "[snapshot {DEVLINK_ATTR_REGION_SNAPSHOT_ID*} ][address {*.DEVLINK_ATTR_REGION_CHUNK_ADDR} ]"
        "[reporter {*.DEVLINK_ATTR_HEALTH_REPORTER_NAME} ][state {*.DEVLINK_ATTR_HEALTH_REPORTER_STATE} ]"
        "[error {*.DEVLINK_ATTR_HEALTH_REPORTER_ERR_COUNT} ][recover {*.DEVLINK_ATTR_HEALTH_REPORTER_RECOVER_COUNT} ]"
        "[grace_period {*.DEVLINK_ATTR_HEALTH_REPORTER_GRACEFUL_PERIOD} ]"
        "[auto_recover {*.DEVLINK_ATTR_HEALTH_REPORTER_AUTO_RECOVER} ]"
        "[auto_dump {*.DEVLINK_ATTR_HEALTH_REPORTER_AUTO_DUMP} ]"
        "[{DEVLINK_ATTR_FMSG_OBJ_NAME*} ]"
        "[file {DEVLINK_ATTR_FLASH_UPDATE_FILE_NAME} ][component {DEVLINK_ATTR_FLASH_UPDATE_COMPONENT} ]"
        "[{DEVLINK_ATTR_FLASH_UPDATE_STATUS_MSG} ]"
        "[{DEVLINK_ATTR_FLASH_UPDATE_STATUS_DONE} of {DEVLINK_ATTR_FLASH_UPDATE_STATUS_TOTAL} ]"
        "[trap {DEVLINK_ATTR_TRAP_NAME} ][type {DEVLINK_ATTR_TRAP_TYPE} ][action {DEVLINK_ATTR_TRAP_ACTION} ]"
        "[group {DEVLINK_ATTR_TRAP_GROUP_NAME} ][policer {DEVLINK_ATTR_TRAP_POLICER_ID} ]"
        "[rate {DEVLINK_ATTR_TRAP_POLICER_RATE} ][burst {DEVLINK_ATTR_TRAP_POLICER_BURST} ]"
        "[dropped {DEVLINK_ATTR_STATS_RX_DROPPED} ][rx {DEVLINK_ATTR_STATS_RX_PACKETS} packets ]"
        "[netns {DEVLINK_ATTR_NETNS_ID|DEVLINK_ATTR_NETNS_PID|DEVLINK_ATTR_NETNS_FD} ]"
        "[{?DEVLINK_ATTR_RELOAD_LIMITS}limited ][action {DEVLINK_ATTR_RELOAD_ACTION} ]"
        "[rate {DEVLINK_ATTR_RATE_TYPE} ][{DEVLINK_ATTR_RATE_NODE_NAME} ][tx_share {DEVLINK_ATTR_RATE_TX_SHARE} ]"
        "[tx_max {DEVLINK_ATTR_RATE_TX_MAX} ][parent {DEVLINK_ATTR_RATE_PARENT_NODE_NAME} ]"
        "[lc {DEVLINK_ATTR_LINECARD_INDEX} ][{DEVLINK_ATTR_LINECARD_TYPE} ][state {DEVLINK_ATTR_LINECARD_STATE} ]"
        "[selftest {DEVLINK_ATTR_SELFTEST_RESULT_STATUS}]"
    )


type_values(DEVLINK_ATTR.PARAM_VALUE_DATA, DEVLINK_ATTR.PARAM_VALUE_DEFAULT)
bind_attrs(DEVLINK_ATTR.DPIPE_HEADER_ID, U32(None, DEVLINK_DPIPE_HEADER), DPIPE_HEADER_GLOBAL=1)
bind_attrs(DEVLINK_ATTR.SELFTESTS, DEVLINK_SELFTEST_RESULTS, cmd=83, to="user")

bind_genl(
    DEVLINK_ATTR,
    "devlink",
    DEVLINK_CMD_GET=1,
    DEVLINK_CMD_SET=2,
    DEVLINK_CMD_NEW=3,
    DEVLINK_CMD_DEL=4,
    DEVLINK_CMD_PORT_GET=5,
    DEVLINK_CMD_PORT_SET=6,
    DEVLINK_CMD_PORT_NEW=7,
    DEVLINK_CMD_PORT_DEL=8,
    DEVLINK_CMD_PORT_SPLIT=9,
    DEVLINK_CMD_PORT_UNSPLIT=10,
    DEVLINK_CMD_SB_GET=11,
    DEVLINK_CMD_SB_SET=12,
    DEVLINK_CMD_SB_NEW=13,
    DEVLINK_CMD_SB_DEL=14,
    DEVLINK_CMD_SB_POOL_GET=15,
    DEVLINK_CMD_SB_POOL_SET=16,
    DEVLINK_CMD_SB_POOL_NEW=17,
    DEVLINK_CMD_SB_POOL_DEL=18,
    DEVLINK_CMD_SB_PORT_POOL_GET=19,
    DEVLINK_CMD_SB_PORT_POOL_SET=20,
    DEVLINK_CMD_SB_PORT_POOL_NEW=21,
    DEVLINK_CMD_SB_PORT_POOL_DEL=22,
    DEVLINK_CMD_SB_TC_POOL_BIND_GET=23,
    DEVLINK_CMD_SB_TC_POOL_BIND_SET=24,
    DEVLINK_CMD_SB_TC_POOL_BIND_NEW=25,
    DEVLINK_CMD_SB_TC_POOL_BIND_DEL=26,
    DEVLINK_CMD_SB_OCC_SNAPSHOT=27,
    DEVLINK_CMD_SB_OCC_MAX_CLEAR=28,
    DEVLINK_CMD_ESWITCH_GET=29,
    DEVLINK_CMD_ESWITCH_SET=30,
    DEVLINK_CMD_DPIPE_TABLE_GET=31,
    DEVLINK_CMD_DPIPE_ENTRIES_GET=32,
    DEVLINK_CMD_DPIPE_HEADERS_GET=33,
    DEVLINK_CMD_DPIPE_TABLE_COUNTERS_SET=34,
    DEVLINK_CMD_RESOURCE_SET=35,
    DEVLINK_CMD_RESOURCE_DUMP=36,
    DEVLINK_CMD_RELOAD=37,
    DEVLINK_CMD_PARAM_GET=38,
    DEVLINK_CMD_PARAM_SET=39,
    DEVLINK_CMD_PARAM_NEW=40,
    DEVLINK_CMD_PARAM_DEL=41,
    DEVLINK_CMD_REGION_GET=42,
    DEVLINK_CMD_REGION_SET=43,
    DEVLINK_CMD_REGION_NEW=44,
    DEVLINK_CMD_REGION_DEL=45,
    DEVLINK_CMD_REGION_READ=46,
    DEVLINK_CMD_PORT_PARAM_GET=47,
    DEVLINK_CMD_PORT_PARAM_SET=48,
    DEVLINK_CMD_PORT_PARAM_NEW=49,
    DEVLINK_CMD_PORT_PARAM_DEL=50,
    DEVLINK_CMD_INFO_GET=51,
    DEVLINK_CMD_HEALTH_REPORTER_GET=52,
    DEVLINK_CMD_HEALTH_REPORTER_SET=53,
    DEVLINK_CMD_HEALTH_REPORTER_RECOVER=54,
    DEVLINK_CMD_HEALTH_REPORTER_DIAGNOSE=55,
    DEVLINK_CMD_HEALTH_REPORTER_DUMP_GET=56,
    DEVLINK_CMD_HEALTH_REPORTER_DUMP_CLEAR=57,
    DEVLINK_CMD_FLASH_UPDATE=58,
    DEVLINK_CMD_FLASH_UPDATE_END=59,
    DEVLINK_CMD_FLASH_UPDATE_STATUS=60,
    DEVLINK_CMD_TRAP_GET=61,
    DEVLINK_CMD_TRAP_SET=62,
    DEVLINK_CMD_TRAP_NEW=63,
    DEVLINK_CMD_TRAP_DEL=64,
    DEVLINK_CMD_TRAP_GROUP_GET=65,
    DEVLINK_CMD_TRAP_GROUP_SET=66,
    DEVLINK_CMD_TRAP_GROUP_NEW=67,
    DEVLINK_CMD_TRAP_GROUP_DEL=68,
    DEVLINK_CMD_TRAP_POLICER_GET=69,
    DEVLINK_CMD_TRAP_POLICER_SET=70,
    DEVLINK_CMD_TRAP_POLICER_NEW=71,
    DEVLINK_CMD_TRAP_POLICER_DEL=72,
    DEVLINK_CMD_HEALTH_REPORTER_TEST=73,
    DEVLINK_CMD_RATE_GET=74,
    DEVLINK_CMD_RATE_SET=75,
    DEVLINK_CMD_RATE_NEW=76,
    DEVLINK_CMD_RATE_DEL=77,
    DEVLINK_CMD_LINECARD_GET=78,
    DEVLINK_CMD_LINECARD_SET=79,
    DEVLINK_CMD_LINECARD_NEW=80,
    DEVLINK_CMD_LINECARD_DEL=81,
    DEVLINK_CMD_SELFTESTS_GET=82,
    DEVLINK_CMD_SELFTESTS_RUN=83,
    DEVLINK_CMD_NOTIFY_FILTER_SET=84,
)
