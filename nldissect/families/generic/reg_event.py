"""Events of voltage and current regulators (regulator/regulator.h)."""

from nldissect.wire import U64, AttrSet, Flags, Message, Struct, Text, bind_genl


class REGULATOR_EVENT(Flags):
    UNDER_VOLTAGE        = 0x00001
    OVER_CURRENT         = 0x00002
    REGULATION_OUT       = 0x00004
    FAIL                 = 0x00008
    OVER_TEMP            = 0x00010
    FORCE_DISABLE        = 0x00020
    VOLTAGE_CHANGE       = 0x00040
    DISABLE              = 0x00080
    PRE_VOLTAGE_CHANGE   = 0x00100
    ABORT_VOLTAGE_CHANGE = 0x00200
    PRE_DISABLE          = 0x00400
    ABORT_DISABLE        = 0x00800
    ENABLE               = 0x01000
    UNDER_VOLTAGE_WARN   = 0x02000
    OVER_CURRENT_WARN    = 0x04000
    OVER_VOLTAGE_WARN    = 0x08000
    OVER_TEMP_WARN       = 0x10000


class reg_genl_event(Message):
    fields_desc = [Text.of("reg_name", 32), U64.of("event", REGULATOR_EVENT)]


class REG_GENL_ATTR(AttrSet):
    EVENT = Struct(1, reg_genl_event)

    template = "[{reg_name} ][{event}]"


bind_genl(REG_GENL_ATTR, "reg_event", REG_GENL_CMD_EVENT=1)
