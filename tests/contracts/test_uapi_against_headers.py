"""uapi.py against the kernel's headers: the compiler says whether numbers, layouts and alignments are right."""

import re
import subprocess
from pathlib import Path
from struct import Struct, calcsize

import pytest

from nldissect import uapi
from tests.helpers.paths import CAPTURES
from tests.helpers.skips import needs

NUMBERS = {name: value for name, value in vars(uapi).items() if name.isupper() and isinstance(value, int)}
LAYOUTS = {
    "nlmsghdr": (uapi.STRUCT_NLMSGHDR, "nlmsg_len nlmsg_type nlmsg_flags nlmsg_seq nlmsg_pid"),
    "nlattr": (uapi.STRUCT_NLATTR, "nla_len nla_type"),
    "cn_msg": (uapi.STRUCT_CN_MSG, "id.idx id.val seq ack len flags"),
}
INSTEAD = {
    "NLA_TYPE_MASK": "NLA_TYPE_MASK & 0xFFFF",
    "SO_TIMESTAMPNS": "SO_TIMESTAMPNS_OLD",  # SO_TIMESTAMPNS is an expression with sizeof(time_t)
}
"""How a header writes a number, where it is not by its name alone."""
OF_LIBPCAP = {"SLL_HDR_LEN"}


def compiles(source: str) -> str:
    """Names of false assertions, or whatever else the compiler says; skips without compiler or headers."""
    needs("cc")
    if not Path("/usr/include/linux/netlink.h").exists():
        pytest.skip("no headers of the kernel; install the package linux-libc-dev")
    headers = re.findall(r"\b(?:linux|asm|sys)/\w+\.h", Path(uapi.__file__).read_text())
    includes = "".join(f"#include <{header}>\n" for header in ["sys/socket.h", "stddef.h", *headers])
    command = ["cc", "-fsyntax-only", "-w", "-fmax-errors=0", "-x", "c", "-"]
    complaints = subprocess.run(command, input=includes + source, capture_output=True, text=True).stderr
    return " ".join(re.findall(r'"wrong: ([^"]+)"', complaints)) or complaints


def asserts(truths: dict[str, str]) -> str:
    return "".join(f'_Static_assert({truth}, "wrong: {name}");\n' for name, truth in truths.items())


def numbers_of(values: dict[str, int]) -> dict[str, str]:
    return {name: f"(unsigned)({INSTEAD.get(name, name)}) == {value}u" for name, value in values.items()}


def test_numbers_are_the_headers() -> None:
    assert "" == compiles(asserts(numbers_of({k: v for k, v in NUMBERS.items() if k not in OF_LIBPCAP})))
    assert len(NUMBERS) > 50


def test_a_wrong_number_is_found() -> None:
    assert "NLMSG_DONE" == compiles(asserts(numbers_of({"NLMSG_ERROR": 2, "NLMSG_DONE": 4})))


@pytest.mark.parametrize("name", LAYOUTS)
def test_layouts_are_the_headers(name: str) -> None:
    """Each field stands where the codes before it end; of all, the size is that of the struct."""
    layout, fields = LAYOUTS[name]
    codes = re.sub(r"(\d+)(\w)", lambda found: int(found[1]) * found[2], layout.format[1:])
    assert len(codes) == len(fields.split())
    truths = {f"size of {name}": f"sizeof(struct {name}) == {layout.size}"}
    for number, (code, field) in enumerate(zip(codes, fields.split(), strict=True)):
        truths[f"offset of {field}"] = f"offsetof(struct {name}, {field}) == {calcsize('=' + codes[:number])}"
        truths[f"size of {field}"] = f"sizeof(((struct {name} *)0)->{field}) == {calcsize('=' + code)}"
    assert "" == compiles(asserts(truths))


@pytest.mark.parametrize("order", "<>")
def test_layouts_of_either_order_have_the_same_fields(order: str) -> None:
    pairs: list[tuple[Struct, dict[str, Struct]]] = [
        (uapi.STRUCT_NLMSGHDR, uapi.STRUCT_NLMSGHDR_BY_ORDER),
        (uapi.STRUCT_NLATTR, uapi.STRUCT_NLATTR_BY_ORDER),
    ]
    for own, by_order in pairs:
        assert order + own.format[1:] == by_order[order].format


@pytest.mark.parametrize("length", [0, 1, 3, 4, 5, 16, 17, 65535])
def test_lengths_are_aligned_as_the_headers_do(length: int) -> None:
    truths = {
        "NLMSG_ALIGN": f"NLMSG_ALIGN({length}) == {uapi.nlmsg_align(length)}",
        "NLA_ALIGN": f"NLA_ALIGN({length}) == {uapi.nla_align(length)}",
    }
    assert "" == compiles(asserts(truths))


def test_headers_of_frames_are_those_of_a_capture() -> None:
    """The first frame of captures/addr.pcap, a request that nlmon delivered."""
    data = (CAPTURES / "addr.pcap").read_bytes()
    first = data[40 : 40 + int.from_bytes(data[32:36], "little")]  # after the headers of file and record
    assert uapi.SLL_HDR_LEN == uapi.STRUCT_SLL_HEADER.size
    assert first[: uapi.SLL_HDR_LEN] == uapi.sll_header(uapi.PACKET_OUTGOING, uapi.NETLINK_ROUTE)
    assert uapi.STRUCT_NLMSGHDR_BY_ORDER["<"].unpack_from(first, uapi.SLL_HDR_LEN)[0] == len(first) - uapi.SLL_HDR_LEN
