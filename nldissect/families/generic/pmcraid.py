"""Notices of PMC MaxRAID controllers: configuration changes, errors, states (drivers/scsi/pmcraid.h)."""

from nldissect.wire import U8, U32, AttrSet, Blob, Enum, Le16, Le32, Mac, Message, Pad, Struct, bind_attrs, bind_genl


class HOSTRCB_TYPE(Enum):
    CCN = 0xE1
    LDN = 0xE2


class NOTIFICATION_TYPE(Enum):
    ENTRY_CHANGED      = 0x00
    ENTRY_NEW          = 0x01
    ENTRY_DELETED      = 0x02
    STATE_CHANGE       = 0x03
    ENTRY_STATECHANGED = 0x04
    ERROR_LOG          = 0x10
    INFORMATION_LOG    = 0x11


class RES_TYPE(Enum):
    AF_DASD = 0x00
    GSCSI   = 0x01
    VSET    = 0x02
    IOA_FP  = 0xFF


class PMC_DEVICE_EVENT(Enum):
    RESET_START      = 0x11000000
    RESET_SUCCESS    = 0x11000001
    RESET_FAILED     = 0x11000002
    SHUTDOWN_START   = 0x11000003
    SHUTDOWN_SUCCESS = 0x11000004
    SHUTDOWN_FAILED  = 0x11000005


class pmcraid_config_table_entry(Message):
    fields_desc = [
        U8.of("resource_type", RES_TYPE), U8.of("bus_protocol"), Le16.of("array_id"), U8.of("common_flags0", base=16),
        U8.of("common_flags1", base=16), U8.of("unique_flags0", base=16), U8.of("unique_flags1", base=16),
        Le32.of("resource_handle", base=16), Le32.of("resource_address", base=16), Mac.of("device_id", 8),
        Mac.of("lun", 8),
    ]


class pmcraid_changes(Message):
    """What a configuration change has after its header; firmware that knows larger entries fills up."""

    fields_desc = [
        Struct.of("cfg_entry", pmcraid_config_table_entry), Struct.of("cfg_entry_old", pmcraid_config_table_entry),
        Pad.of("reserved"),
    ]


class pmcraid_hostrcb_error(Message):
    fields_desc = [
        Le32.of("fd_ioasc", base=16), Le32.of("fd_ra", base=16), Le32.of("fd_rh", base=16), Le32.of("prc", base=16),
        Blob.of("data", "an error log of the firmware, laid out by overlay_id"),
    ]


class pmcraid_hcam(Message):
    """struct pmcraid_hcam_hdr and what follows."""

    fields_desc = [
        U8.of("op_code", HOSTRCB_TYPE), U8.of("notification_type", NOTIFICATION_TYPE),
        U8.of("notification_lost", base=16), U8.of("flags_", base=16), U8.of("overlay_id", base=16),
        Pad.of("reserved1", 3), Le32.of("ilid", base=16), Le32.of("timestamp1"), Le32.of("timestamp2"),
        Le32.of("data_len"), Blob.of("u", "a notice of a kind the driver does not know"),
    ]


class pmcraid_aen_msg(Message):
    """hostno: the host above, the device's minor below; a message of four bytes is the controller's state."""

    fields_desc = [
        U32.of("hostno", base=16), U32.of("length"), Pad.of("reserved", 8), Struct.of("data", pmcraid_hcam),
    ]


class PMCRAID_AEN_ATTR(AttrSet):
    EVENT = Struct(1, pmcraid_aen_msg)

    template = (
        "[host {hostno} ][{op_code} ][{notification_type} ][{resource_type} ][handle {resource_handle} ]"
        "[error {fd_ioasc} ][{!op_code}{pmcraid_aen_msg.data|PMCRAID_AEN_ATTR_EVENT.data}]"
    )


bind_attrs(pmcraid_aen_msg.data, U32(None, PMC_DEVICE_EVENT), length=4)
bind_attrs(pmcraid_hcam.u, pmcraid_changes, op_code=HOSTRCB_TYPE.CCN)
bind_attrs(pmcraid_hcam.u, pmcraid_hostrcb_error, op_code=HOSTRCB_TYPE.LDN)

bind_genl(PMCRAID_AEN_ATTR, "pmcraid", PMCRAID_AEN_CMD_EVENT=1)
