"""Device events: datagrams without nlmsghdr, from the kernel and from systemd-udevd."""

from __future__ import annotations

from nldissect.families.kobject_uevent import monitor_netlink_header, uevent
from nldissect.wire import NETLINK_KOBJECT_UEVENT, Context, DecodedMessage, nlmon, walk
from tests.helpers.captures import frames, messages, rebuilt, undecoded
from tests.helpers.hex_messages import frame_of
from tests.helpers.route_messages import body, line


def walked(raw: bytes) -> DecodedMessage:
    """One datagram of the protocol."""
    (message,) = walk(frame_of(NETLINK_KOBJECT_UEVENT, raw), Context()).messages
    return message


def test_kernel_event() -> None:
    """echo add > /sys/class/net/lo/uevent"""
    first = messages("uevent.pcap")[0]
    found = body(first)

    assert (False, "uevent") == (first.has_header, first.layers[0].name)
    assert ("add", "/devices/virtual/net/lo") == (found["action"], found["devpath"])
    env = found["env"]
    assert ("add", found["devpath"], "net", "0", "lo", "1") == tuple(
        env[name] for name in ("ACTION", "DEVPATH", "SUBSYSTEM", "SYNTH_UUID", "INTERFACE", "IFINDEX")
    )
    assert env["SEQNUM"].isdigit()


def test_kernel_event_with_arguments() -> None:
    """echo "change 12345678-1234-1234-1234-123456789abc A=1 B=two" > /sys/class/net/lo/uevent"""
    found = body(messages("uevent.pcap")[1])

    assert "change" == found["action"]
    assert ("12345678-1234-1234-1234-123456789abc", "1", "two") == tuple(
        found["env"][f"SYNTH_{name}"] for name in ("UUID", "ARG_A", "ARG_B")
    )


def test_life_of_a_link() -> None:
    """ip link add d0 type dummy; ip link set d0 name renamed; ip link del renamed"""
    devices = [(found["action"], found["devpath"]) for found in map(body, messages("uevent.pcap"))]
    net = [pair for pair in devices if pair[1].startswith("/devices/virtual/net/") and "queues" not in pair[1]]

    assert [
        ("add", "/devices/virtual/net/d0"),
        ("move", "/devices/virtual/net/renamed"),
        ("remove", "/devices/virtual/net/renamed"),
    ] == [pair for pair in net if not pair[1].endswith("/lo")]


def test_udev_event() -> None:
    """The same as systemd-udevd passes it on: header of 40 bytes, then properties."""
    first = messages("uevent_udev.pcap")[0]
    found = body(first)

    assert "monitor_netlink_header" == first.layers[0].name
    assert ("libudev", 0xFEEDCAFE, 40, 40) == tuple(
        found[name] for name in ("prefix", "magic", "header_size", "properties_off")
    )
    assert first.end - first.start == found["properties_off"] + found["properties_len"]
    assert ("add", "/devices/virtual/net/lo", "lo") == tuple(
        found["env"][name] for name in ("ACTION", "DEVPATH", "INTERFACE")
    )


def murmur2(data: bytes) -> int:
    """MurmurHash2 with seed 0, as systemd's string_hash32 computes it."""
    multiplier, mask = 0x5BD1E995, 0xFFFFFFFF
    value, whole = len(data), len(data) & ~3
    for at in range(0, whole, 4):
        word = int.from_bytes(data[at : at + 4], "little") * multiplier & mask
        value = value * multiplier & mask ^ ((word ^ word >> 24) * multiplier & mask)
    if rest := data[whole:]:
        value = (value ^ int.from_bytes(rest, "little")) * multiplier & mask
    value = (value ^ value >> 13) * multiplier & mask
    return value ^ value >> 15


def test_udev_hashes() -> None:
    """A listener's socket filter compares hashes in network order."""
    events = list(map(body, messages("uevent_udev.pcap")))

    assert {"net", "queues"} == {found["env"]["SUBSYSTEM"] for found in events}
    for found in events:
        assert murmur2(found["env"]["SUBSYSTEM"].encode()) == found["filter_subsystem_hash"]


def test_summary() -> None:
    assert "add /devices/virtual/net/lo" == line(messages("uevent.pcap")[0])
    assert "udev: add /devices/virtual/net/lo, 9 properties" == line(messages("uevent_udev.pcap")[0])


def test_everything_is_described() -> None:
    assert [] == undecoded("uevent.pcap") == undecoded("uevent_udev.pcap")


def test_scapy_reads_edits_and_rebuilds() -> None:
    for name, layer in (("uevent.pcap", uevent), ("uevent_udev.pcap", monitor_netlink_header)):
        assert list(frames(name)) == rebuilt(name)
        assert all(layer in nlmon(frame) for frame in frames(name))

    event = nlmon(next(frames("uevent.pcap")))[uevent]
    event.action = "remove"
    assert bytes(event).startswith(b"remove@/devices/virtual/net/lo\0ACTION=add\0")
    assert b"online@/cpu1\0A=b\0" == bytes(uevent(action="online", devpath="/cpu1", env={"A": "b"}))


def test_odd_events_lose_nothing() -> None:
    """No "@", no "=", no NUL at the end, nothing behind the path."""
    assert b"hello" == walked(b"hello").data[-5:] and walked(b"hello").undecoded_span == (16, 21)
    assert {"undecoded": b"ACTION\0".hex()} == body(walked(b"add@/x\0ACTION\0"))["env"]
    assert {"undecoded": b"A=b".hex()} == body(walked(b"add@/x\0A=b"))["env"]
    assert ("add", "/x", {}) == tuple(body(walked(b"add@/x\0")).values())
    for raw in (b"hello", b"add@/x\0ACTION\0", b"add@/x\0A=b", b"add@/x\0", b"@\0", b"libudev\0\xfe\xed"):
        frame = frame_of(NETLINK_KOBJECT_UEVENT, raw)
        assert frame == bytes(nlmon(frame))
