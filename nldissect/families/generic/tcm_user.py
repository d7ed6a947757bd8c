"""SCSI targets in user space (linux/target_core_user.h, drivers/target/target_core_user.c)."""

from nldissect.wire import U8, U32, U64, AttrSet, Errno, Pad, Text, bind_genl


class TCMU_ATTR(AttrSet):
    DEVICE              = Text(1)
    MINOR               = U32(2)
    PAD                 = Pad(3)
    DEV_CFG             = Text(4)
    DEV_SIZE            = U64(5)
    WRITECACHE          = U8(6)
    CMD_STATUS          = Errno(7)
    DEVICE_ID           = U32(8)
    SUPP_KERN_CMD_REPLY = U8(9)

    template = (
        "[{TCMU_ATTR_DEVICE} ][id {TCMU_ATTR_DEVICE_ID} ][uio{TCMU_ATTR_MINOR} ][config {TCMU_ATTR_DEV_CFG} ]"
        "[size {TCMU_ATTR_DEV_SIZE} ][write cache {TCMU_ATTR_WRITECACHE} ][{TCMU_ATTR_CMD_STATUS} ]"
        "[replies {TCMU_ATTR_SUPP_KERN_CMD_REPLY}]"
    )


bind_genl(
    TCMU_ATTR,
    "TCM-USER",
    TCMU_CMD_ADDED_DEVICE=1,
    TCMU_CMD_REMOVED_DEVICE=2,
    TCMU_CMD_RECONFIG_DEVICE=3,
    TCMU_CMD_ADDED_DEVICE_DONE=4,
    TCMU_CMD_REMOVED_DEVICE_DONE=5,
    TCMU_CMD_RECONFIG_DEVICE_DONE=6,
    TCMU_CMD_SET_FEATURES=7,
)
