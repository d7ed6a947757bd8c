"""Device events: the kernel's (lib/kobject_uevent.c), and those systemd-udevd passes on (sd-device, device-monitor.c).

Neither has nlmsghdr: the kernel sends "add@/devices/...", then KEY=value texts; udevd a header of 40 bytes, then those.
"""

from nldissect.wire import NETLINK_KOBJECT_UEVENT, U32, Be32, KeyValues, Message, Text, bind_counter, bind_datagram


class uevent(Message):
    fields_desc = [Text.of("action", ends="@"), Text.of("devpath"), KeyValues.of("env")]
    summary = "{action} {devpath}"


class monitor_netlink_header(Message):
    """Hashes are those of the values that a listener's socket filter compares."""

    fields_desc = [
        Text.of("prefix", 8), Be32.of("magic", base=16), U32.of("header_size"), U32.of("properties_off"),
        U32.of("properties_len"), Be32.of("filter_subsystem_hash", base=16), Be32.of("filter_devtype_hash", base=16),
        Be32.of("filter_tag_bloom_hi", base=16), Be32.of("filter_tag_bloom_lo", base=16), KeyValues.of("env"),
    ]
    summary = "udev[: {env.ACTION}][ {env.DEVPATH}], {env#} properties"


bind_datagram(monitor_netlink_header, NETLINK_KOBJECT_UEVENT, begins=b"libudev\0")
bind_datagram(uevent, NETLINK_KOBJECT_UEVENT, has=b"@")

# Numbered on the whole host; a network namespace is told of its own network devices alone.
bind_counter(NETLINK_KOBJECT_UEVENT, "uevent", field="env.SEQNUM", what="device events", lost=False)
