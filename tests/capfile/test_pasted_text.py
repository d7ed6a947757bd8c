"""`read --hex`: bytes as they are pasted from other tools, read as a capture; and `-T hex` read back."""

from __future__ import annotations

import io
import json
import random
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from nldissect.capfile.pasted.text import read_text
from nldissect.cli import main
from nldissect.errors import FileError
from tests.helpers.captures import frames
from tests.helpers.paths import CAPTURES
from tests.helpers.skips import needs

REQUEST, LINK = (list(frames("vlan_add.pcap"))[at][16:] for at in (0, 1))
COOKED = next(frames("vlan_add.pcap"))


def blocks(text: str) -> list[bytes]:
    return [block.data for block in read_text(text, "text").blocks]


def rows(data: bytes, size: int = 16) -> list[bytes]:
    return [data[at : at + size] for at in range(0, len(data), size)]


def shown(row: bytes) -> str:
    return "".join(chr(byte) if 32 <= byte < 127 else "." for byte in row)


def words(row: bytes, size: int) -> str:
    return " ".join(row[at : at + size][::-1].hex() for at in range(0, len(row), size))


def offsets(data: bytes, line: Callable[[int, bytes], str], size: int = 16) -> str:
    return "\n".join(line(at * size, row) for at, row in enumerate(rows(data, size))) + "\n"


FORMS: dict[str, Callable[[bytes], str]] = {
    "xxd": lambda data: offsets(data, lambda at, row: f"{at:08x}: {row.hex(' ', -2):<39}  {shown(row)}"),
    "xxd -g1": lambda data: offsets(data, lambda at, row: f"{at:08x}: {row.hex(' '):<47}  {shown(row)}"),
    "xxd -e": lambda data: offsets(data, lambda at, row: f"{at:08x}: {words(row, 4):<35}  {shown(row)}"),
    "xxd -p": lambda data: "".join(row.hex() + "\n" for row in rows(data, 30)),
    "hexdump -C": lambda data: (
        offsets(data, lambda at, row: f"{at:08x}  {row[:8].hex(' '):<23}  {row[8:].hex(' '):<23}  |{shown(row)}|")
        + f"{len(data):08x}\n"
    ),
    "hexdump": lambda data: offsets(data, lambda at, row: f"{at:07x} {words(row, 2)}") + f"{len(data):07x}\n",
    "od -t x1": lambda data: offsets(data, lambda at, row: f"{at:07o} {row.hex(' ')}") + f"{len(data):07o}\n",
    "od -A d -t x1": lambda data: offsets(data, lambda at, row: f"{at:07d} {row.hex(' ')}") + f"{len(data):07d}\n",
    "od -A x -t x1": lambda data: offsets(data, lambda at, row: f"{at:06x} {row.hex(' ')}") + f"{len(data):06x}\n",
    "od -x": lambda data: offsets(data, lambda at, row: f"{at:07o} {words(row, 2)}") + f"{len(data):07o}\n",
    "tcpdump -XX": lambda data: offsets(data, lambda at, row: f"\t0x{at:04x}:  {row.hex(' ', -2):<39}  {shown(row)}"),
    "tshark -x": lambda data: offsets(data, lambda at, row: f"{at:04x}  {row.hex(' '):<47}   {shown(row)}"),
    "strace -e write": lambda data: offsets(
        data, lambda at, row: f" | {at:05x}  {row[:8].hex(' '):<23}  {row[8:].hex(' '):<23}  {shown(row):<16} |"
    ),
    "strace -x": lambda data: 'sendto(3, "' + "".join(f"\\x{one:02x}" for one in data) + '", 1, 0, NULL, 0) = 1\n',
    "strace iov": lambda data: (
        'sendmsg(3, {msg_name={sa_family=AF_NETLINK, nl_pid=0}, msg_iov=[{iov_base="'
        + "".join(f"\\{one:o}" if one < 32 else f"\\{one:03o}" for one in data).replace("\\0\\60", "\\000\\60")
        + '", iov_len=48}], msg_iovlen=1}, 0) = 48\n'
    ),
    "print_hex_dump": lambda data: offsets(
        data, lambda at, row: f"[  12.{at:06d}] nlmsg: {at:08x}: {row.hex(' '):<47}  {shown(row)}"
    ),
    "print_hex_dump 32": lambda data: offsets(
        data, lambda at, row: f"[  12.{at:06d}] nlmsg: {at:08x}: {row.hex(' '):<95}  {shown(row)}", 32
    ),
    "print_hex_dump words": lambda data: offsets(
        data, lambda at, row: f"Nov 25 18:00:00 host kernel: nl: {at + 0xFFFF888012340:016x}: {words(row, 4)}"
    ),
    "print_hex_dump no offset": lambda data: offsets(
        data, lambda at, row: f"<7>[  12.{at:06d}] nlmsg: {row.hex(' '):<47}  {shown(row)}"
    ),
    "plain": lambda data: data.hex() + "\n",
    "plain, colons": lambda data: data.hex(":") + "\n",
    "plain, 0x": lambda data: "0x" + data.hex() + "\n",
    "plain, upper": lambda data: data.hex(" ").upper(),
    "Go": lambda data: (
        "want := []byte{\n"
        + "".join("\t" + "".join(f"0x{one:x}, " for one in row) + "// x: 7\n" for row in rows(data, 8))
        + "}\n"
    ),
    "Go %v": lambda data: "got [" + " ".join(map(str, data)) + "]\n",
    "Go % x in a test": lambda data: f"    nl_test.go:33: unexpected: [{data.hex(' ')}]\n",
    "Go string": lambda data: 'b: []byte("' + "".join(f"\\x{one:02x}" for one in data) + '"),\n',
    "C": lambda data: (
        "static const uint8_t msg[] = { /* RTM_GETLINK { */\n"
        + "".join("  " + "".join(f"0x{one:02X}, " for one in row) + "\n" for row in rows(data, 12))
        + "};\nint msg_len = 48;\n"
    ),
    "C string": lambda data: (
        "char msg[] =\n" + "".join('  "' + "".join(f"\\x{one:02x}" for one in row) + '"\n' for row in rows(data)) + ";"
    ),
    "C, signed": lambda data: "char m[] = {" + ", ".join(str(one - 256 * (one > 127)) for one in data) + "};",
    "C, without braces": lambda data: "".join("".join(f"0x{one:02x}, " for one in row) + "\n" for row in rows(data, 8)),
    "Rust": lambda data: "let raw = vec![" + ", ".join(f"{one}u8" for one in data) + "];",
    "Rust, a failed test": lambda data: f"  left: `{list(data)}`,\n",
    "Go, spew": lambda data: (
        "([]uint8) (len=48 cap=48) {\n"
        + offsets(data, lambda at, row: f" {at:08x}  {row[:8].hex(' '):<23}  {row[8:].hex(' '):<23}  |{shown(row)}|")
        + "}\n"
    ),
    "Erlang": lambda data: "<<" + ",".join(map(str, data)) + ">>\n",
    "JavaScript": lambda data: f"<Buffer {data.hex(' ')}>\n",
    "bpftrace": lambda data: "buf: " + "".join(f"\\x{one:02x}" for one in data) + "\n",
    "gdb x/xb": lambda data: offsets(
        data, lambda at, row: f"0x7fffffffe{at:03x} <msg+{at}>:\t" + "\t".join(f"0x{one:02x}" for one in row), 8
    ),
    "gdb x/xw": lambda data: offsets(
        data, lambda at, row: f"0x7fffffffe{at:03x}:\t" + "\t".join("0x" + one for one in words(row, 4).split())
    ),
    "a mail": lambda data: offsets(data, lambda at, row: f"> > {at:08x}: {row.hex(' '):<47}  {shown(row)}"),
    "behind a word": lambda data: f"request: {data.hex()}\n",
    "Python": lambda data: f"data = {data!r}\n",
    "Python, lines": lambda data: "data = (\n" + "".join(f"    {row!r}\n" for row in rows(data)) + ")\n",
    "Python, list": lambda data: repr(list(data)),
    "Python, fromhex": lambda data: f"raw = bytes.fromhex('{data.hex(' ')}')  # 'what'",
    "JSON": lambda data: json.dumps({"name": "a \"b\" c", "payload": data.hex()}),
}  # fmt: skip


CUT = REQUEST[:32]
WORDS = {"xxd -e": 4, "hexdump": 2, "od -x": 2, "print_hex_dump words": 4, "gdb x/xw": 4}
"""How many bytes the forms print as one number, the last one first."""


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("data", [REQUEST, LINK, COOKED], ids=["request", "link", "cooked"])
def test_a_message_in_every_form(form: str, data: bytes) -> None:
    assert [data] == blocks(FORMS[form](data))


@pytest.mark.parametrize("form", [form for form in FORMS if form not in WORDS and form != "strace iov"])
def test_a_cut_message_in_every_form(form: str) -> None:
    """All but words, and strace's own line, which says that there are 48 bytes."""
    assert [CUT] == blocks(FORMS[form](CUT))


@pytest.mark.parametrize("form", WORDS)
def test_words_of_a_cut_message_stay_as_they_are_printed(form: str) -> None:
    """Only the length of a message that is whole tells numbers from bytes."""
    size = WORDS[form]
    printed = b"".join(CUT[at : at + size][::-1] for at in range(0, len(CUT), size))
    assert [printed] == blocks(FORMS[form](CUT))


@pytest.mark.parametrize("form", [form for form in FORMS if "no offset" not in form])
def test_two_messages_in_every_form(form: str) -> None:
    """One behind the other, and with a blank line between them."""
    write = FORMS[form]
    assert [REQUEST, LINK] == blocks(write(REQUEST).rstrip("\n") + "\n\n" + write(LINK))
    if form not in ("xxd -p", "plain, upper", "C string", "Python, lines", "C, without braces", "Go string"):
        assert [REQUEST, LINK] == blocks(write(REQUEST) + ("" if write(REQUEST)[-1] == "\n" else "\n") + write(LINK))


@pytest.mark.parametrize(
    ("command", "arguments"),
    [("xxd", []), ("xxd", ["-i"]), ("xxd", ["-p"]), ("hexdump", ["-C"]), ("hexdump", []), ("od", ["-x"]),
     ("od", ["-A", "d", "-t", "x1z"])],
    ids=" ".join,
)  # fmt: skip
def test_tools_themselves(command: str, arguments: list[str], tmp_path: Path) -> None:
    needs(command)
    (tmp_path / "raw").write_bytes(LINK)
    text = subprocess.run([command, *arguments, tmp_path / "raw"], capture_output=True, text=True, check=True).stdout
    assert [LINK] == blocks(text)


STRACE = r"""
sendmsg(4, {msg_name={sa_family=AF_NETLINK, nl_pid=0, nl_groups=00000000}, msg_namelen=12, msg_iov=[{iov_base=[{nlmsg_len=48, nlmsg_type=RTM_GETLINK, nlmsg_flags=NLM_F_REQUEST, nlmsg_seq=1795632890, nlmsg_pid=0}, {ifi_family=AF_UNSPEC, ifi_type=ARPHRD_NETROM, ifi_index=0, ifi_flags=0, ifi_change=0}, [[{nla_len=8, nla_type=IFLA_EXT_MASK}, RTEXT_FILTER_VF|RTEXT_FILTER_SKIP_STATS], [{nla_len=7, nla_type=IFLA_IFNAME}, "lo"]]], iov_len=48}], msg_iovlen=1, msg_controllen=0, msg_flags=0}, 0) = 48
 * 48 bytes in buffer 0
 | 00000  30 00 00 00 12 00 01 00  fa 2e 07 6b 00 00 00 00  0..........k.... |
 | 00010  00 00 00 00 00 00 00 00  00 00 00 00 00 00 00 00  ................ |
 | 00020  08 00 1d 00 09 00 00 00  07 00 03 00 6c 6f 00 00  ............lo.. |
recvmsg(4, {msg_iov=[{iov_base=[{nlmsg_len=1100, nlmsg_type=RTM_NEWLINK}, {ifi_family=AF_UNSPEC}, [[{nla_len=24, nla_type=0x43 /* IFLA_??? */}, "\x14\x00\x00\x00\x14\x00\x00\x00\x14\x00\x00\x00\x14\x00\x00\x00\x14\x00\x00\x00"], [{nla_len=100, nla_type=IFLA_STATS}, {rx_packets=31, tx_packets=31, rx_bytes=3293, tx_bytes=3293, rx_errors=0, tx_errors=0, rx_dropped=0, tx_dropped=0, multicast=0, collisions=0, rx_length_errors=0, rx_over_errors=0, rx_crc_errors=0, rx_frame_errors=0, rx_fifo_errors=0, rx_missed_errors=0}], ...]], iov_len=32768}]}, 0) = 1100
sendmsg(3, {msg_name={sa_family=AF_NETLINK, nl_pid=0, nl_groups=00000000}, msg_namelen=12, msg_iov=[{iov_base=[{nlmsg_len=20, nlmsg_type=RTM_GETLINK}], iov_len=20}], msg_iovlen=1}, 0) = 20
 * 20 bytes in buffer 0
 | 00000  14 00 00 00 12 00 01 03  fb 2e 07 6b 00 00 00 00  ...........k.... |
 | 00010  11 00 00 00                                       ....             |
+++ exited with 0 +++
"""  # noqa: E501
"""strace -e write=all ip link show lo, shortened."""


def test_strace_with_everything_around_it() -> None:
    """What strace decoded is not taken for bytes, nor are values that it shows as strings inside of it."""
    found = read_text(STRACE, "strace")

    assert [48, 20] == [len(block.data) for block in found.blocks]
    assert [2, 7, 8, 12] == found.passed


def test_hexdump_leaves_out_what_repeats() -> None:
    data = (80).to_bytes(4, "little") + bytes.fromhex("1000 0000 0000 0000 0000 0000") + bytes(64)
    text = "00000000  50 00 00 00 10 00 00 00  00 00 00 00 00 00 00 00  |P...............|\n"
    text += "00000010  00 00 00 00 00 00 00 00  00 00 00 00 00 00 00 00  |................|\n*\n00000050\n"
    assert [data] == blocks(text)


def test_text_beside_a_dump_is_not_taken_for_digits() -> None:
    """The name of a link that is all hex digits stands at the end of a short last line."""
    data = (28).to_bytes(4, "little") + bytes.fromhex("1000 0000 0000 0000 0000 0000") + b"deadbeef\0\0\0\0"
    for form in ("xxd", "xxd -g1", "hexdump -C", "tshark -x", "print_hex_dump", "strace -e write", "tcpdump -XX"):
        assert [data] == blocks(FORMS[form](data)), form
        assert [data[:24]] == blocks(FORMS[form](data[:24])), form


def test_one_message_a_line() -> None:
    assert [REQUEST, LINK, REQUEST] == blocks(f"{REQUEST.hex()}\n{LINK.hex()}\n{REQUEST.hex()}\n")


def test_big_endian_bytes_stay_as_they_are() -> None:
    data = bytes.fromhex("00000020 0012 0301 00000007 00000000") + bytes(16)
    for form in ("xxd", "hexdump -C", "plain", "Go"):
        assert [data] == blocks(FORMS[form](data))


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("00000000: 3000 0000 12", None),
        ("30 00 00 00 1", "'1' is half a byte"),
        ("00000000: 30 0g 00 00 12 00 01 00  0.......\n", "line 1: '0g' is no byte"),
        ("00000000: 30 00 00 00 12 00 01 00 20 ce 04 6b 00 00 00 00\n00000020: 08 00 1d 00", "line 1: 16 bytes are"),
        ("    0000  30 00 00 00 **\n", r"line 1: \*\* stands for a key; print it with --show-secrets"),
        ("x := []byte{0x30, 0, 0, 0, 0x12, 0, 1, 0, unix.AF_INET, 0, 0, 0, 1, 2, 3, 4, 5}", "'unix.AF_INET' stands"),
        ("\n{" + "0x30, 0, 0, 0, 0x12, 0, 1, 0, " * 2 + "0x100}", "line 2: 0x100 is no byte"),
        ("0x" + "30000" * 7, "35 hex digits"),
    ],
)  # fmt: skip
def test_what_looks_like_bytes_and_is_none(text: str, complaint: str | None) -> None:
    if complaint is None:
        assert blocks(text)
    else:
        with pytest.raises(FileError, match=complaint):
            read_text(text, "text")


def test_any_text_is_read_or_refused() -> None:
    """Random cuts of real pastes: never another error, never an end that is not reached."""
    chance = random.Random(7)
    for _ in range(1500):
        text = "".join(chance.choice(list(FORMS.values()))(REQUEST) for _ in range(2)) + STRACE[:900]
        start = chance.randrange(len(text))
        text = text[start : start + chance.randrange(400)] + chance.choice(['"', "[", "\\x", "*", "0x", " "])
        try:
            read_text(text, "text")
        except FileError as error:
            assert "text, line " in str(error)


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    status = main(["read", *arguments])
    captured = capsys.readouterr()
    return status, captured.out, captured.err


def objects(text: str) -> list[dict[str, object]]:
    """NDJSON without what a paste does not hold."""
    kept = []
    for line in text.splitlines():
        item = json.loads(line)
        item.pop("time", None)
        kept.append(item)
    return kept


@pytest.mark.parametrize("name", sorted(path.stem for path in CAPTURES.glob("*.pcap") if path.stat().st_size < 60_000))
def test_hex_reads_back(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Every frame as before: protocol, messages, padding and what trails; families by what the paste itself holds."""
    capture = str(CAPTURES / f"{name}.pcap")
    status, text, _ = run(capsys, capture, "-T", "hex", "--show-secrets")
    (tmp_path / "text").write_text(text)
    assert 0 == status

    before = objects(run(capsys, capture, "-T", "ndjson", "--show-secrets")[1])
    after = objects(run(capsys, "--hex", str(tmp_path / "text"), "-T", "ndjson", "--show-secrets")[1])
    assert before == after


def test_the_tree_with_bytes_reads_back(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """read -x: a cooked header, then messages, each dump with offsets of its own."""
    capture = str(CAPTURES / "veth_add.pcap")
    (tmp_path / "text").write_text(run(capsys, capture, "-x")[1])

    before = objects(run(capsys, capture, "-T", "ndjson")[1])
    after = objects(run(capsys, "--hex", str(tmp_path / "text"), "-T", "ndjson")[1])
    assert before == after


def test_one_generic_message_knows_its_family(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """-T hex says which family an id is: the message alone does not."""
    wanted = 'genlmsghdr.family == "ethtool" and direction == "to kernel"'
    _, text, _ = run(capsys, str(CAPTURES / "ethtool.pcap"), "-Y", wanted, "-c", "1", "-T", "hex")
    (tmp_path / "text").write_text(text)

    _, out, _ = run(
        capsys, "--hex", str(tmp_path / "text"), "-T", "fields", "-e", "genlmsghdr.family", "-e", "protocol"
    )
    assert "ethtool\tNETLINK_GENERIC\n" == out


@pytest.mark.parametrize("protocol", ["generic", "NETLINK_GENERIC", "16"])
def test_protocol_by_name_or_number(protocol: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "text").write_text(next(iter(frames("ethtool.pcap")))[16:].hex())
    status, out, err = run(capsys, "--hex", "--protocol", protocol, str(tmp_path / "text"))
    assert (0, "") == (status, err)
    assert "CTRL_CMD_GETFAMILY ethtool" in out


def test_standard_input_and_every_option(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def paste(text: str) -> None:
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text.encode())))

    paste(STRACE)
    status, out, err = run(capsys, "--hex", "-", "-Y", 'IFLA_IFNAME == "lo"', "-V")
    assert 0 == status and "IFLA_IFNAME" in out
    assert "standard input: 4 lines hold no bytes, the first is line 2: 'sendmsg(4, " in err

    paste(STRACE)
    assert 0 == run(capsys, "--hex", "-", "-w", str(tmp_path / "out.pcap"))[0]
    assert 2 == len(run(capsys, str(tmp_path / "out.pcap"))[1].splitlines())


@pytest.mark.parametrize(
    ("text", "arguments", "complaint"),
    [
        (b"nothing here", ["--hex"], "holds no bytes; paste a hex dump"),
        (b"sendto(3, [{nlmsg_len=48}], 48, 0) = 48", ["--hex"], "with -e write=all -e read=all"),
        (b"", ["--hex"], "holds no bytes"),
        (b"\xd4\xc3\xb2\xa1\0\0\0\0", ["--hex"], "is no text; leave out --hex"),
        (b"00 04 03 38 00 00 00 00 00 00 00 00 00 00 00 00", ["--hex"], "line 1 is a header without a message"),
        (b"00", ["--hex", "--protocol", "nosuch"], "no protocol is called 'nosuch'; known are ROUTE"),
        (b"00", ["--protocol", "generic"], "--protocol goes with --hex"),
    ],
)
def test_complaints(
    text: bytes, arguments: list[str], complaint: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "text").write_bytes(text)
    status, out, err = run(capsys, *arguments, str(tmp_path / "text"))
    assert (2, "") == (status, out)
    assert complaint in err
    assert 1 == len(err.splitlines())
