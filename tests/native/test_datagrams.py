"""Datagrams without nlmsghdr, and requests that acknowledgements point into, by the native core."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from pathlib import Path
from random import Random

import pytest

from nldissect.wire import NETLINK_KOBJECT_UEVENT
from tests.helpers import genl_messages, messages
from tests.helpers import plugin_package as packages
from tests.helpers import policy_dump as policies
from tests.helpers.large_captures import FORMS, Run, attribute
from tests.helpers.paths import CAPTURES
from tests.helpers.sizes import SetSizes

UDEV = b"libudev\0" + bytes.fromhex("feedcafe") + struct.pack("<3I", 40, 40, 17) + bytes(16)
EVENTS = {
    "kernel": b"add@/devices/x\0ACTION=add\0DEVPATH=/devices/x\0SEQNUM=1\0",
    "udev": UDEV + b"ACTION=add\0DEVPATH=/devices/x\0",
    "no properties": b"add@/x\0",
    "udev without properties": UDEV,
    "a key without a value": b"add@/x\0A=\0=b\0=\0",
    "a key again": b"add@/x\0A=1\0B=2\0A=3\0",
    "udev with a key again": UDEV + b"ACTION=add\0ACTION=remove\0",
    "signs": b'a"b@/\\x\x01\0Q="\\\n\t\x7f\x1b \0 K =v \0',
    "a value with =": b"add@/x\0A=b=c\0",
    "an action that ends with NULs": b"a@\0A=b\0",
    "nothing but @": b"@\0",
    "@ behind the action": b"a@b@c\0A=b\0",
    "no NUL": b"add@/x",
    "no NUL behind the last": b"add@/x\0A=b",
    "no =": b"add@/x\0ACTION\0",
    "an empty one among them": b"add@/x\0A=b\0\0C=d\0",
    "UTF-8": "ergänze@/ü\0NAME=Käse\0".encode(),
    "UTF-8 of udev": UDEV + "ACTION=ä\0ID_NAME=Käse\0".encode(),
    "no UTF-8": b"add\xff@/\xfe\0A=\xff\0",
    "no UTF-8 of udev": UDEV + b"ACTION=\xff\0",
    "many keys": b"add@/x\0" + b"".join(b"K%d=%d\0" % (place, place) for place in range(300)),
    "many keys of udev": UDEV + b"".join(b"K%d=%d\0" % (place, place) for place in range(300)) + b"ACTION=add\0",
    "a long value": b"add@/x\0A=" + b"y" * 5000 + b"\0",
    "a long value in UTF-8": b"add@/x\0A=" + "ü".encode() * 3000 + b"\0",
    "a short header of udev": b"libudev\0\xfe\xed",
    "neither": b"hello",
    "neither, of several texts": b"hello\0a@b\0",
    "zeros": bytes(20),
}
HEADED = 15, 16, 40
"""Sizes around that of nlmsghdr."""


def frame(protocol: int, data: bytes, packet_type: int = 4) -> bytes:
    """A frame of one datagram, not padded."""
    return struct.pack(">HH10xH", packet_type, 824, protocol) + data


def differing(rounds: int) -> Iterator[bytes]:
    """Events of which some bytes are others."""
    random = Random(15)
    for _ in range(rounds):
        data = bytearray(random.choice(list(EVENTS.values())[:14]))
        for _ in range(random.randint(1, 3)):
            data[random.randrange(len(data))] = random.choice(b'\0=@aA\xc3 "')
        yield bytes(data[: random.randint(1, len(data))])


@pytest.mark.parametrize("form", FORMS)
def test_events(form: str, run: Run, tmp_path: Path) -> None:
    """Whether the source says which way they went, or not."""
    frames = [
        frame(NETLINK_KOBJECT_UEVENT, data, packet_type=2 + place % 3)
        for place, data in enumerate((*EVENTS.values(), *differing(200)))
    ]
    path = messages.write(tmp_path / "events.pcap", *frames)
    native = run(path, *FORMS[form], native=True)
    assert run(path, *FORMS[form], native=False) == native


@pytest.mark.parametrize("form", FORMS)
def test_no_event_is_walked(form: str, run: Run, tmp_path: Path, walked: list[int]) -> None:
    events = [data for name, data in EVENTS.items() if "long" not in name and not ("many" in name and form != "tree")]
    path = messages.write(tmp_path / "x.pcap", *(frame(NETLINK_KOBJECT_UEVENT, data) for data in events))
    native = run(path, *FORMS[form], native=True)
    assert [] == walked
    assert run(path, *FORMS[form], native=False) == native


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("snap", [None, 40, 60])
def test_other_protocols(form: str, snap: int | None, run: Run, tmp_path: Path) -> None:
    """Those that have nlmsghdr, of keys too (NETLINK_XFRM), unknown ones, and frames that a snap length cut."""
    frames = [
        frame(protocol, content[:size])
        for protocol in (0, 2, 6, 15, 16, 19, 27)
        for content in (b"\x05\0\0\0" + b"words " * 7, bytes(40), bytes(range(3, 43)))
        for size in (*range(6), *HEADED)
    ]
    path = messages.write(tmp_path / "others.pcap", *frames, snap=snap)
    native = run(path, *FORMS[form], native=True)
    assert run(path, *FORMS[form], native=False) == native


PACKAGE = """
from nldissect.wire import U32, KeyValues, Message, Text, bind_datagram

class toyevent(Message):
    fields_desc = [Text.of("word", ends=":"), KeyValues.of("env")]
    summary = "toy {word}[ of {env.A}]"

    @classmethod
    def matches(cls, data):
        return len(data) % 2 == 0

class toyrest(Message):
    fields_desc = [U32.of("toy_number")]

bind_datagram(toyevent, 27)
bind_datagram(toyrest, 27, begins=b"r")
"""


def test_a_package_may_choose_by_a_function(tmp_path: Path) -> None:
    packages.package(tmp_path, "toybox", PACKAGE)
    datagrams = (b"hello:A=b\0", b"hello:\0A=b", b"odd", b"rain!!!", b"e:")
    path = messages.write(tmp_path / "toy.pcap", *(frame(27, data) for data in datagrams))
    outs = [packages.read(tmp_path, "read", str(path), "--engine", engine) for engine in ("native", "walk")]

    assert outs[0].stdout == outs[1].stdout and ["", ""] == [one.stderr for one in outs]
    assert [
        "toyevent toy hello of b",
        "toyevent toy hello",
        '- "odd"',
        "toyrest toy_number 1852399986 leftover 212121",
        "toyevent toy e",
    ] == [" ".join(line.split()[4:]) for line in outs[0].stdout.splitlines()]


# ---- acknowledgements that repeat no more than the request's header ----


def pointing(request: bytes, *attributes: bytes) -> Iterator[bytes]:
    yield messages.frame(0, request)
    seq, pid = struct.unpack_from("<8xII", request)
    yield messages.frame(0, messages.error(22, request, *attributes, capped=True, seq=seq, pid=pid))


def offset(number: int, value: int) -> bytes:
    """NLMSGERR_ATTR_OFFS (2), _MISS_TYPE (5), _MISS_NEST (6)."""
    return attribute(number, struct.pack("<I", value))


@pytest.mark.parametrize("form", FORMS)
def test_requests_captured_before(form: str, run: Run, tmp_path: Path, walked: list[int]) -> None:
    """ip link set dev d0 mtu 9 type dummy, refused at each of its bytes, or for want of an attribute."""
    info = attribute(18, attribute(1, b"dummy\0"))
    requests = [
        messages.link(3, attribute(3, b"d0\0"), attribute(4, struct.pack("<I", 9)), info, flags=5, seq=seq, pid=9)
        for seq in range(200)
    ]
    said = [[offset(2, at)] for at in range(80)] + [[offset(5, number)] for number in (3, 99)]
    said += [[offset(5, 1), offset(6, 48)], [offset(6, 48), offset(5, 99)], [offset(5, 1), offset(6, 1 << 31)]]
    frames = [one for request, some in zip(requests, said, strict=False) for one in pointing(request, *some)]
    path = messages.write(tmp_path / "acks.pcap", *frames)
    native = run(path, *FORMS[form], native=True)
    assert run(path, *FORMS[form], native=False) == native
    assert [] == walked
    if form == "list":
        assert b"[at IFLA_MTU]" in native and b"[at IFLA_LINKINFO.IFLA_INFO_KIND]" in native
        assert b"[missing IFLA_LINKINFO.IFLA_INFO_KIND]" in native


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("name", ["devlink", "missing_attribute"])
def test_no_acknowledgement_is_walked(form: str, name: str, run: Run, walked: list[int]) -> None:
    """Of requests whose header alone is repeated, and of commands that no table describes."""
    path = CAPTURES / f"{name}.pcap"
    assert run(path, *FORMS[form], native=True) == run(path, *FORMS[form], native=False)
    assert [] == walked


@pytest.mark.parametrize("window", [4096, 1 << 20])
@pytest.mark.parametrize("form", FORMS)
def test_policies_told_between_acknowledgements(
    form: str, window: int, run: Run, tmp_path: Path, sizes: SetSizes
) -> None:
    """The same refusal before, between and behind what nlctrl tells of the types of the request's attributes."""
    sizes(native_window=window)
    refused = messages.frame(
        messages.GENERIC, messages.error(95, policies.generic_message(1, policies.BODY)[16:], seq=7)
    )
    many = [refused] * 60
    told = [one for policy in policies.POLICY for one in (policy, *many)]
    path = messages.write(tmp_path / "policy.pcap", refused, genl_messages.told("toy"), *many, *told)
    native = run(path, *FORMS[form], native=True)
    assert run(path, *FORMS[form], native=False) == native
    assert form == "list" or b"5555" in native
