"""`command()`: every packet as a Python expression in names of nldissect.all that builds the same bytes."""

from __future__ import annotations

import io
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from itertools import zip_longest
from pathlib import Path
from typing import Any

import pytest
from scapy.config import conf
from scapy.packet import NoPayload

import nldissect.all
from nldissect.all import *  # noqa: F403
from nldissect.all import (
    AF,
    CTRL_ATTR,
    IFLA,
    IFLA_INFO,
    IFLA_VLAN,
    INET_DIAG,
    NFPROTO,
    RTA,
    ifinfomsg,
    nlctrl,
    nlmsgerr,
    nlmsghdr,
    rtmsg,
)
from nldissect.cli import main
from nldissect.commands.send.python_subset import Expressions
from nldissect.errors import FieldError
from nldissect.wire import Context, Message, genlmsghdr, nlmon, walk
from nldissect.wire.context import Env
from tests.helpers import paths
from tests.helpers.captures import frames, shape
from tests.helpers.messages import attribute, frame, link, write
from tests.helpers.skips import needs

conf.debug_dissector = True

CAPTURES = sorted(paths.CAPTURES.glob("*.pcap"))
NAMES = vars(nldissect.all)
BIG = ">" if sys.byteorder == "little" else "<"


def made(expression: str) -> Any:
    """The packet an expression stands for, as `from nldissect.all import *` has the names."""
    return eval(expression, dict(NAMES))


def built(expression: str) -> bytes:
    """The bytes an expression stands for; `send` reads the same."""
    data = bytes(made(expression))
    ((read, _),) = Expressions(expression, dict)
    assert data == bytes(read)
    return data


def packets(name: str) -> Iterator[Any]:
    """Every message of a capture."""
    context = Context()
    for data in frames(name):
        yield from nlmon(data, _context=context).messages


def unlike(name: str) -> Iterator[Any]:
    """The first of the messages of a capture that hold the same things; with NLDISSECT_EVERYTHING (.ci/long) all."""
    contexts, known = (Context(), Context()), set()
    for data in frames(name):
        packets, messages = nlmon(data, _context=contexts[0]).messages, walk(data, contexts[1]).messages
        for packet, message in zip_longest(packets, messages):  # what trails is a packet, too
            held = None if message is None else (message.type_name, message.direction, shape(message.layers))
            if held is None or held not in known or "NLDISSECT_EVERYTHING" in os.environ:
                known.add(held)
                yield packet


@pytest.mark.parametrize("name", [path.name for path in CAPTURES], ids=lambda name: name.removesuffix(".pcap"))
def test_messages_of_every_capture_are_made_again_from_their_expressions(name: str) -> None:
    """What iproute2, ethtool, nft and others sent, and what the kernel answered: byte for byte what was on the wire."""
    count = 0
    for message in unlike(name):
        count += 1
        assert message.original == built(message.command()), message.command()
    assert count


@pytest.mark.parametrize("name", ["audit", "ethtool", "iproute2_padding", "monitor_three", "uevent_udev", "usersock"])
def test_whole_frames_are_made_again_too(name: str) -> None:
    """Cooked header, messages with their padding (audit's have none), and what trails."""
    context = Context()
    for data in frames(f"{name}.pcap"):
        assert data == built(nlmon(data, _context=context).command())


def test_an_expression_says_what_people_would_write() -> None:
    """ip link add link d0 name v10 type vlan id 10 protocol 802.1ad ..."""
    request = next(one for one in packets("vlan_add.pcap") if IFLA_VLAN.ID in one)

    assert request.command().startswith(
        "nlmsghdr(nlmsg_type='RTM_NEWLINK', nlmsg_flags='NLM_F_REQUEST|NLM_F_ACK|NLM_F_EXCL|NLM_F_CREATE', nlmsg_seq="
    )
    assert "IFLA_VLAN.PROTOCOL('ETH_P_8021AD')" in request.command()
    assert "pad" not in request.command()  # what is zero anyway is not said


def test_elements_of_an_array_by_their_number() -> None:
    """The operations of a family as nlctrl lists them, and an array in an array."""
    written = [one.command() for one in packets("nlctrl.pcap")]

    assert any("CTRL_ATTR.OPS([CTRL_ATTR.OPS[1]([CTRL_ATTR_OP.ID(" in text for text in written)
    assert "CTRL_ATTR_OPS[2]" == CTRL_ATTR.OPS[2].name
    with pytest.raises(TypeError):
        iter(CTRL_ATTR.OPS)


@pytest.mark.parametrize(
    ("packet", "said"),
    [
        (IFLA.LINKINFO("vlan"), "IFLA_LINKINFO: 'vlan' is no attribute; write [SET.ROW(value), ...]"),
        (IFLA.LINKINFO([5]), "IFLA_LINKINFO: 5 is no attribute"),
        (ifinfomsg(attrs=["lo"]), "attrs: 'lo' is no attribute"),
        (ifinfomsg(attrs={"IFLA_MTU": 1500}), "attrs: {'IFLA_MTU': 1500} is no attribute"),
        (IFLA_VLAN.FLAGS(1), "IFLA_VLAN_FLAGS: 1 is no struct; write ifla_vlan_flags(...)"),
    ],
)
def test_what_holds_others_takes_nothing_else(packet: Any, said: str) -> None:
    with pytest.raises(FieldError, match=re.escape(said)):
        bytes(packet)


def test_an_attribute_alone_is_nested_as_one_in_a_list() -> None:
    """nla_len 12, nla_type 18 with NLA_F_NESTED; IFLA_INFO_KIND "tun"."""
    kind = IFLA_INFO.KIND("tun")
    assert bytes.fromhex("0c00 1280 0800 0100 74756e00") == bytes(IFLA.LINKINFO(kind)) == bytes(IFLA.LINKINFO([kind]))


def test_commands_of_generic_families_by_name() -> None:
    written = [one.command() for one in packets("ethtool.pcap") if genlmsghdr in one and one.nlmsg_flags & 1]

    assert any("genlmsghdr(cmd='CTRL_CMD_GETFAMILY', version=1)/nlctrl(" in text for text in written)
    assert any("genlmsghdr(cmd='ETHTOOL_MSG_CHANNELS_GET', version=1)/generic(" in text for text in written)
    assert 3 == genlmsghdr(cmd="CTRL_CMD_GETFAMILY").cmd
    with pytest.raises(FieldError, match="CTRL_CMD_NOSUCH"):
        genlmsghdr(cmd="CTRL_CMD_NOSUCH")


@pytest.mark.parametrize(
    ("packet", "expected"),
    [
        (ifinfomsg(), "ifinfomsg()"),
        (ifinfomsg(ifi_family=AF.INET6, ifi_flags=0x1043), "IFF_UP|IFF_BROADCAST|IFF_RUNNING|IFF_MULTICAST"),
        (ifinfomsg(ifi_family=200), "ifinfomsg(ifi_family=200)"),
        (ifinfomsg(ifi_flags=0x80000001), "ifinfomsg(ifi_flags='IFF_UP|0x80000000')"),
        (nlmsghdr(nlmsg_type=9999, nlmsg_flags=0x4001), "(nlmsg_type=9999, nlmsg_flags='NLM_F_REQUEST|0x4000')"),
        (nlmsghdr(nlmsg_type=18, nlmsg_len=5) / ifinfomsg(), "nlmsghdr(nlmsg_len=5, nlmsg_type='RTM_GETLINK')/"),
        (nlmsgerr(error="ERANGE"), "nlmsgerr(error='ERANGE')"),
        (IFLA.MTU(0), "IFLA.MTU(0)"),
        (IFLA.IFNAME(value=b"no end"), "IFLA.IFNAME(value=b'no end')"),
        (IFLA.MTU(1, pad=b"\1"), "IFLA.MTU(1, pad=b'\\x01')"),
        (RTA.DST("10.0.0.0"), "RTA.DST('10.0.0.0')"),
    ],
)  # fmt: skip
def test_single_expressions(packet: Any, expected: str) -> None:
    assert expected in packet.command()
    assert bytes(packet) == built(packet.command())


def test_the_other_byte_order_is_said_once() -> None:
    raw = bytes(
        nlmsghdr(nlmsg_type="RTM_NEWLINK", _env=Env(BIG)) / ifinfomsg(attrs=[IFLA.LINKINFO([IFLA_INFO.KIND("vlan")])])
    )
    message = nlmsghdr(raw, _env=Env(BIG, 0, Context()))

    assert raw[4:6] == (16).to_bytes(2, "big" if BIG == ">" else "little")
    assert 1 == message.command().count("Env")
    assert raw == built(message.command())


def test_an_edited_packet_is_written_as_edited() -> None:
    request = next(one for one in packets("vlan_add.pcap") if IFLA_VLAN.ID in one)
    request[IFLA_VLAN.ID].value = 77

    assert "IFLA_VLAN.ID(77)" in request.command()
    assert bytes(request) == built(request.command())


def test_what_stands_behind_the_fields_is_written_too() -> None:
    """An attribute of a number nobody knows, bytes behind the last attribute, a struct that ends early."""
    whole = nlmsghdr(nlmsg_type="RTM_NEWROUTE") / rtmsg(rtm_table="RT_TABLE_MAIN", attrs=[RTA.PRIORITY(5)])
    raw = bytes(whole) + bytes.fromhex("0600 ff0f abcd 0000") + b"\1\2"
    for data in (raw, bytes(whole)[:21]):
        data = len(data).to_bytes(4, sys.byteorder) + data[4:]
        message = nlmsghdr(data, _env=Env("<" if sys.byteorder == "little" else ">", 0, Context()))
        assert not isinstance(message.payload, NoPayload)
        assert data == built(message.command())


def test_a_struct_of_an_older_kernel_is_written_by_name() -> None:
    """tcp_info ends early: so many of the fields that came later are missing, and what there is can be changed."""
    message = next(one for one in packets("sock_diag.pcap") if INET_DIAG.INFO in one)
    written = message.command()
    again = made(written)
    info = again[INET_DIAG.INFO].value

    assert "INET_DIAG.INFO(tcp_info(tcpi_state=" in written and "_missing=" in written and "Raw(" not in written
    assert message.original == built(written) == bytes(again)
    info.tcpi_retransmits = 3
    assert len(message.original) == len(bytes(again))
    assert "tcpi_retransmits=3" in again.command()


def test_a_nexthop_that_lies_about_its_length_is_written_as_it_is() -> None:
    """RTA_MULTIPATH whose first struct rtnexthop claims 2 bytes."""
    records = bytes.fromhex("02000002020000001000040903000000") + bytes(RTA.GATEWAY("198.51.100.253"))
    raw = bytes(nlmsghdr(nlmsg_type="RTM_NEWROUTE") / rtmsg(rtm_family=AF.INET, attrs=[RTA.MULTIPATH(value=records)]))
    message = nlmsghdr(raw, _env=Env("<" if sys.byteorder == "little" else ">", 0, Context()))

    assert raw == bytes(message) == built(message.command())


def test_the_direction_decides_what_an_attribute_is() -> None:
    """NL80211_MESHCONF_HOLDING_TIMEOUT is 16 bits wide towards the kernel, and 32 in its answers; flags tell."""
    for flags, size in (("REQUEST", 6), (0, 8)):
        expression = (
            f"nlmsghdr(nlmsg_type=35, nlmsg_flags={flags!r})/genlmsghdr(cmd='NL80211_CMD_GET_MESH_CONFIG')/"
            "nl80211(attrs=[NL80211_ATTR.MESH_CONFIG([NL80211_MESHCONF.HOLDING_TIMEOUT(2)])])"
        )
        raw = built(expression)
        assert (32, size) == (len(raw), int.from_bytes(raw[24:26], sys.byteorder))
        assert len(raw) == int.from_bytes(raw[:4], sys.byteorder)


def test_one_name_is_one_struct() -> None:
    """An expression names classes: those of the same name in two families must have the same fields."""
    layouts: dict[str, set[str]] = {}
    for module in [module for key, module in sys.modules.items() if key.startswith("nldissect.families.")]:
        for name, value in vars(module).items():
            if isinstance(value, type) and issubclass(value, Message) and not name.startswith("_"):
                layout = "; ".join(f"{field.kind!r}, {field.kind.size}" for field in value.fields_desc)
                layouts.setdefault(name, set()).add(layout)

    assert {} == {name: found for name, found in layouts.items() if len(found) > 1}
    assert {nlctrl.__name__, NFPROTO.__name__} <= set(nldissect.all.__all__)


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[str, str]:
    """What `nldissect read` says on stdout and on stderr."""
    assert 0 == main(["read", *arguments])
    captured = capsys.readouterr()
    return captured.out, captured.err


def path_of(name: str) -> str:
    return str(paths.CAPTURES / name)


def ran(program: str) -> list[bytes]:
    """The packets of a program: it is run as it stands, and each of its expressions counts."""
    names: dict[str, Any] = {}
    exec(program, names)
    lines = [line for line in program.splitlines() if line and not line.startswith(("#", "from "))]
    return [bytes(eval(line, names)) for line in lines]


@pytest.mark.parametrize("name", ["errors.pcap", "ethtool.pcap", "uevent_udev.pcap", "usersock.pcap"])
def test_python_is_a_program_that_makes_the_messages(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    out, err = run(capsys, path_of(name), "-T", "python")

    assert "" == err
    assert out.startswith("from nldissect.all import *\n\n# frame 1, NETLINK_")
    assert 1 == out.count("import")
    assert [one.original for one in packets(name)] == ran(out)


def test_only_what_is_asked_for_and_from_several_files(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    out, _ = run(
        capsys,
        path_of("vlan_add.pcap"),
        path_of("veth_add.pcap"),
        "-Y",
        "nlmsg_type == RTM_NEWLINK",
        "-c",
        "3",
        "-T",
        "python",
    )
    assert 3 == out.count("nlmsghdr(nlmsg_type='RTM_NEWLINK'")
    assert "RTM_GETLINK" not in out

    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(Path(path_of("vlan_add.pcap")).read_bytes())))
    assert "/* frame 1, NETLINK_ROUTE, to kernel: RTM_GETLINK d0 */" in run(capsys, "-", "-c", "1", "-T", "c")[0]


def compiled(program: str, folder: Path) -> list[bytes]:
    """The arrays of a C program, as a compiler that minds everything has them."""
    names = [line.split()[3].partition("[")[0] for line in program.splitlines() if line.startswith("const unsigned")]
    puts = "".join(f'for (i = 0; i < sizeof {one}; i++) printf("%02x", {one}[i]);\nputs("");\n' for one in names)
    (folder / "program.c").write_text(
        f"#include <stdio.h>\n{program}\nint main(void) {{ size_t i;\n{puts}return 0; }}\n"
    )
    strict = ["-std=c99", "-Wall", "-Wextra", "-Werror", "-pedantic", "-trigraphs"]
    subprocess.run(["cc", *strict, "-o", folder / "program", folder / "program.c"], check=True)
    out = subprocess.run([folder / "program"], capture_output=True, text=True, check=True).stdout
    return [bytes.fromhex(line) for line in out.splitlines()]


@pytest.mark.parametrize("name", ["vlan_add.pcap", "ethtool.pcap", "uevent.pcap"])
def test_c_compiles_to_the_messages(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    needs("cc")
    out, _ = run(capsys, path_of(name), "-T", "c")

    assert [one.original for one in packets(name)] == compiled(out, tmp_path)


def test_c_says_what_each_line_holds(capsys: pytest.CaptureFixture[str]) -> None:
    out, _ = run(capsys, path_of("vlan_add.pcap"), "-c", "1", "-T", "c")

    assert (
        out
        == """/* frame 1, NETLINK_ROUTE, to kernel: RTM_GETLINK d0 */
const unsigned char frame1[48] = {
    /* nlmsghdr: RTM_GETLINK */
    0x30, 0x00, 0x00, 0x00, 0x12, 0x00, 0x01, 0x00,
    0x20, 0xce, 0x04, 0x6b, 0x00, 0x00, 0x00, 0x00,
    /* ifinfomsg */
    0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
    0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,
    /* IFLA_EXT_MASK RTEXT_FILTER_VF|RTEXT_FILTER_SKIP_STATS */
    0x08, 0x00, 0x1d, 0x00, 0x09, 0x00, 0x00, 0x00,
    /* IFLA_IFNAME "d0" */
    0x07, 0x00, 0x03, 0x00, 0x64, 0x30, 0x00, 0x00,
};
"""
    )


def test_names_from_the_wire_stay_inside_their_comments(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Links called to end a comment, or to begin a line of their own."""
    names = [b"*/ int x; /*\0", b"a\nimport os\n\0", b"**/??/\0", b'"\\\0']
    path = write(tmp_path / "names.pcap", *(frame(0, link(2, attribute(3, name))) for name in names))
    bodies = [data[16:] for data in (frame(0, link(2, attribute(3, name))) for name in names)]

    assert [body[: int.from_bytes(body[:4], "little")] for body in bodies] == ran(
        run(capsys, str(path), "-T", "python")[0]
    )
    if shutil.which("cc") is not None:
        out = run(capsys, str(path), "-T", "c")[0]
        assert 4 == len(compiled(out, tmp_path))


@pytest.mark.parametrize("form", ["python", "c", "hex"])
def test_keys_are_zeros_unless_asked_for(form: str, capsys: pytest.CaptureFixture[str]) -> None:
    """ip xfrm state add ... aead with the key 00 01 02 ... 13."""
    wanted = ["-Y", 'XFRMA_ALG_AEAD and direction == "to kernel"', "-c", "1", "-T", form]
    key = bytes(range(20))
    out, err = run(capsys, path_of("xfrm.pcap"), *wanted)
    assert "nldissect: keys of a message are written as zeros; --show-secrets writes them\n" == err
    assert "keys are zeros" in out

    full, err = run(capsys, path_of("xfrm.pcap"), *wanted, "--show-secrets")
    assert "" == err
    assert "keys are zeros" not in full
    if form == "python":
        assert key in ran(full)[0] and key not in ran(out)[0]
        assert len(ran(full)[0]) == len(ran(out)[0])
    else:
        digits = [only_hex(text) for text in (full, out)]
        assert key.hex() in digits[0] and key.hex() not in digits[1]


def only_hex(text: str) -> str:
    """The digits of lines that are bytes."""
    lines = [line.strip() for line in text.splitlines() if not line.lstrip().startswith(("/", "#", "const", "}"))]
    return "".join(lines).replace("0x", "").replace(",", "").replace(" ", "")


def test_a_cut_message_is_as_long_as_it_is(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A snap length of 40 bytes: nlmsg_len still says 48."""
    path = write(tmp_path / "cut.pcap", frame(0, link(2, attribute(3, b"eth0\0"), attribute(4, b"\1\2\3\4"))), snap=52)
    (made_again,) = ran(run(capsys, str(path), "-T", "python")[0])

    assert 36 == len(made_again)
    assert path.read_bytes()[-36:] == made_again
