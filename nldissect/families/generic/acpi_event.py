"""Events of the firmware: buttons, lids, batteries (drivers/acpi/event.c)."""

from nldissect.wire import U32, AttrSet, Message, Pad, Struct, Text, bind_genl


class acpi_genl_event(Message):
    fields_desc = [
        Text.of("device_class", 20), Text.of("bus_id", 15), Pad.of("__pad", 1), U32.of("type", base=16),
        U32.of("data", base=16),
    ]


class ACPI_GENL_ATTR(AttrSet):
    EVENT = Struct(1, acpi_genl_event)

    template = "[{device_class} ][{bus_id} ][{type} ][{acpi_genl_event.data|ACPI_GENL_ATTR_EVENT.data}]"


bind_genl(ACPI_GENL_ATTR, "acpi_event", ACPI_GENL_CMD_EVENT=1)
