"""Thermal zones and cooling devices (linux/thermal.h, drivers/thermal/thermal_netlink.c)."""

from nldissect.wire import S32, U32, AttrSet, Enum, Nest, Text, bind_genl


class THERMAL_TRIP(Enum):
    ACTIVE   = 0
    PASSIVE  = 1
    HOT      = 2
    CRITICAL = 3


class THERMAL_DEVICE(Enum):
    DISABLED = 0
    ENABLED  = 1


class THERMAL_TZ(AttrSet, prefix="THERMAL_GENL_ATTR"):
    """A list: each zone is an id and what follows it up to the next; so are the other lists."""

    TZ_ID   = U32(2, many=True)
    TZ_NAME = Text(10, many=True)


class THERMAL_TZ_TRIP(AttrSet, prefix="THERMAL_GENL_ATTR"):
    TZ_TRIP_ID   = U32(5, many=True)
    TZ_TRIP_TYPE = U32(6, THERMAL_TRIP, many=True)
    TZ_TRIP_TEMP = S32(7, many=True, measure="m°C")
    TZ_TRIP_HYST = S32(8, many=True, measure="m°C")


class THERMAL_CDEV(AttrSet, prefix="THERMAL_GENL_ATTR"):
    CDEV_ID   = U32(15, many=True)
    CDEV_NAME = Text(18, many=True)


class THERMAL_CPU_CAPABILITY(AttrSet, prefix="THERMAL_GENL_ATTR"):
    CPU_CAPABILITY_ID          = U32(21, many=True)
    CPU_CAPABILITY_PERFORMANCE = U32(22, many=True)
    CPU_CAPABILITY_EFFICIENCY  = U32(23, many=True)


class THERMAL_GENL_ATTR(AttrSet):
    """Temperatures are thousandths of a degree Celsius."""

    TZ                         = Nest(1, THERMAL_TZ)
    TZ_ID                      = U32(2)
    TZ_TEMP                    = S32(3, measure="m°C")
    TZ_TRIP                    = Nest(4, THERMAL_TZ_TRIP)
    TZ_TRIP_ID                 = U32(5)
    TZ_TRIP_TYPE               = U32(6, THERMAL_TRIP)
    TZ_TRIP_TEMP               = S32(7, measure="m°C")
    TZ_TRIP_HYST               = S32(8, measure="m°C")
    TZ_MODE                    = U32(9, THERMAL_DEVICE)
    TZ_NAME                    = Text(10)
    TZ_CDEV_WEIGHT             = U32(11)
    TZ_GOV                     = Nest(12, "self")
    TZ_GOV_NAME                = Text(13)
    CDEV                       = Nest(14, THERMAL_CDEV)
    CDEV_ID                    = U32(15)
    CDEV_CUR_STATE             = U32(16)
    CDEV_MAX_STATE             = U32(17)
    CDEV_NAME                  = Text(18)
    GOV_NAME                   = Text(19)
    CPU_CAPABILITY             = Nest(20, THERMAL_CPU_CAPABILITY)
    CPU_CAPABILITY_ID          = U32(21)
    CPU_CAPABILITY_PERFORMANCE = U32(22)
    CPU_CAPABILITY_EFFICIENCY  = U32(23)

    template = (
        "[{?THERMAL_GENL_ATTR_TZ}zones {THERMAL_GENL_ATTR_TZ_NAME*}] [zone {THERMAL_GENL_ATTR_TZ_ID}] "
        "[{THERMAL_GENL_ATTR_TZ_NAME}] [{THERMAL_GENL_ATTR_TZ_TEMP}] [trip {THERMAL_GENL_ATTR_TZ_TRIP_ID}] "
        "[{THERMAL_GENL_ATTR_TZ_TRIP_TYPE}] [at {THERMAL_GENL_ATTR_TZ_TRIP_TEMP}] "
        "[{?THERMAL_GENL_ATTR_TZ_TRIP}trips {THERMAL_GENL_ATTR_TZ_TRIP_TYPE*} at {THERMAL_GENL_ATTR_TZ_TRIP_TEMP*}] "
        "[{THERMAL_GENL_ATTR_TZ_MODE}] [governor {THERMAL_GENL_ATTR_TZ_GOV_NAME|THERMAL_GENL_ATTR_GOV_NAME}] "
        "[{?THERMAL_GENL_ATTR_CDEV}cooling {THERMAL_GENL_ATTR_CDEV_NAME*}] "
        "[cooling {THERMAL_GENL_ATTR_CDEV_ID}] [{THERMAL_GENL_ATTR_CDEV_NAME}] "
        "[state {THERMAL_GENL_ATTR_CDEV_CUR_STATE}] [of {THERMAL_GENL_ATTR_CDEV_MAX_STATE}] "
        "[cpus {THERMAL_GENL_ATTR_CPU_CAPABILITY_ID*}] [performance {THERMAL_GENL_ATTR_CPU_CAPABILITY_PERFORMANCE*}]"
    )


COMMANDS = {
    "THERMAL_GENL_CMD_TZ_GET_ID":   1,
    "THERMAL_GENL_CMD_TZ_GET_TRIP": 2,
    "THERMAL_GENL_CMD_TZ_GET_TEMP": 3,
    "THERMAL_GENL_CMD_TZ_GET_GOV":  4,
    "THERMAL_GENL_CMD_TZ_GET_MODE": 5,
    "THERMAL_GENL_CMD_CDEV_GET":    6,
}

bind_genl(THERMAL_GENL_ATTR, "thermal", to="kernel", **COMMANDS)
bind_genl(THERMAL_GENL_ATTR, "thermal", to="reply", **COMMANDS)
bind_genl(
    THERMAL_GENL_ATTR,
    "thermal",
    to="notification",
    THERMAL_GENL_SAMPLING_TEMP=0,
    THERMAL_GENL_EVENT_TZ_CREATE=1,
    THERMAL_GENL_EVENT_TZ_DELETE=2,
    THERMAL_GENL_EVENT_TZ_DISABLE=3,
    THERMAL_GENL_EVENT_TZ_ENABLE=4,
    THERMAL_GENL_EVENT_TZ_TRIP_UP=5,
    THERMAL_GENL_EVENT_TZ_TRIP_DOWN=6,
    THERMAL_GENL_EVENT_TZ_TRIP_CHANGE=7,
    THERMAL_GENL_EVENT_TZ_TRIP_ADD=8,
    THERMAL_GENL_EVENT_TZ_TRIP_DELETE=9,
    THERMAL_GENL_EVENT_CDEV_ADD=10,
    THERMAL_GENL_EVENT_CDEV_DELETE=11,
    THERMAL_GENL_EVENT_CDEV_STATE_UPDATE=12,
    THERMAL_GENL_EVENT_TZ_GOV_CHANGE=13,
    THERMAL_GENL_EVENT_CPU_CAPABILITY_CHANGE=14,
)
