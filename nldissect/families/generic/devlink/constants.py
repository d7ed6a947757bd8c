"""What devlink's numbers stand for (linux/devlink.h)."""

from nldissect.wire import Enum, Flags


class DEVLINK_PORT_TYPE(Enum):
    NOTSET = 0
    AUTO   = 1
    ETH    = 2
    IB     = 3


class DEVLINK_PORT_FLAVOUR(Enum):
    PHYSICAL = 0
    CPU      = 1
    DSA      = 2
    PCI_PF   = 3
    PCI_VF   = 4
    VIRTUAL  = 5
    UNUSED   = 6
    PCI_SF   = 7


class DEVLINK_PORT_FN_STATE(Enum):
    INACTIVE = 0
    ACTIVE   = 1


class DEVLINK_PORT_FN_OPSTATE(Enum):
    DETACHED = 0
    ATTACHED = 1


class DEVLINK_PORT_FN_CAP(Flags):
    ROCE         = 1
    MIGRATABLE   = 2
    IPSEC_CRYPTO = 4
    IPSEC_PACKET = 8


class DEVLINK_SB_POOL_TYPE(Enum):
    INGRESS = 0
    EGRESS  = 1


class DEVLINK_SB_THRESHOLD_TYPE(Enum):
    STATIC  = 0
    DYNAMIC = 1


class DEVLINK_ESWITCH_MODE(Enum):
    LEGACY             = 0
    SWITCHDEV          = 1
    SWITCHDEV_INACTIVE = 2


class DEVLINK_ESWITCH_INLINE_MODE(Enum):
    NONE      = 0
    LINK      = 1
    NETWORK   = 2
    TRANSPORT = 3


class DEVLINK_ESWITCH_ENCAP_MODE(Enum):
    NONE  = 0
    BASIC = 1


class DEVLINK_RATE_TYPE(Enum):
    LEAF = 0
    NODE = 1


class DEVLINK_PARAM_CMODE(Enum):
    RUNTIME    = 0
    DRIVERINIT = 1
    PERMANENT  = 2


class DEVLINK_VAR_ATTR_TYPE(Enum):
    """The type of a value that says its own type; before 6.16 the kernel's NLA_* without a name in the header."""

    U8         = 1
    U16        = 2
    U32        = 3
    U64        = 4
    STRING     = 5
    FLAG       = 6
    NUL_STRING = 10
    BINARY     = 11


class DEVLINK_FLASH_OVERWRITE(Flags):
    SETTINGS    = 1
    IDENTIFIERS = 2


class DEVLINK_SELFTEST_STATUS(Enum):
    SKIP = 0
    PASS = 1
    FAIL = 2


class DEVLINK_TRAP_ACTION(Enum):
    DROP   = 0
    TRAP   = 1
    MIRROR = 2


class DEVLINK_TRAP_TYPE(Enum):
    DROP      = 0
    EXCEPTION = 1
    CONTROL   = 2


class DEVLINK_RELOAD_ACTION(Enum):
    UNSPEC        = 0
    DRIVER_REINIT = 1
    FW_ACTIVATE   = 2


class DEVLINK_RELOAD_ACTIONS(Flags, prefix="DEVLINK_RELOAD_ACTION"):
    """The same as a set of bits."""

    DRIVER_REINIT = 1 << 1
    FW_ACTIVATE   = 1 << 2


class DEVLINK_RELOAD_LIMIT(Enum):
    UNSPEC   = 0
    NO_RESET = 1


class DEVLINK_RELOAD_LIMITS(Flags, prefix="DEVLINK_RELOAD_LIMIT"):
    """The same as a set of bits."""

    NO_RESET = 1 << 1


class DEVLINK_LINECARD_STATE(Enum):
    UNSPEC              = 0
    UNPROVISIONED       = 1
    UNPROVISIONING      = 2
    PROVISIONING        = 3
    PROVISIONING_FAILED = 4
    PROVISIONED         = 5
    ACTIVE              = 6


class DEVLINK_HEALTH_REPORTER_STATE(Enum):
    """net/devlink.h"""

    HEALTHY = 0
    ERROR   = 1


class DEVLINK_DPIPE_FIELD_MAPPING_TYPE(Enum):
    NONE    = 0
    IFINDEX = 1


class DEVLINK_DPIPE_MATCH_TYPE(Enum):
    FIELD_EXACT = 0


class DEVLINK_DPIPE_ACTION_TYPE(Enum):
    FIELD_MODIFY = 0


class DEVLINK_DPIPE_HEADER(Enum):
    ETHERNET = 0
    IPV4     = 1
    IPV6     = 2


class DEVLINK_RESOURCE_UNIT(Enum):
    ENTRY = 0
