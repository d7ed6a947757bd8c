"""`read -T fields` and `-T csv`: cells, their separators, several values in one, names beside numbers."""

from __future__ import annotations

import csv
import io
import subprocess

import pytest

from nldissect.capfile import open_capture
from nldissect.cli import main
from nldissect.commands import parser
from nldissect.commands.capture.command import show_frames
from tests.helpers.cli import run
from tests.helpers.paths import CAPTURES
from tests.helpers.skips import needs


def lines(capsys: pytest.CaptureFixture[str], name: str, *options: str) -> list[str]:
    assert main(["read", str(CAPTURES / name), *options]) == 0
    return capsys.readouterr().out.splitlines()


def fields(*names: str) -> list[str]:
    return ["-T", "fields", *(part for name in names for part in ("-e", name))]


def test_one_line_a_message_and_names_as_the_header_has_them(capsys: pytest.CaptureFixture[str]) -> None:
    """ip link add link d0 name v10 type vlan id 10 ...: frame 3; frame 20 is a dump of two messages."""
    found = lines(
        capsys, "vlan_add.pcap", *fields("frame.number", "nlmsg_type", "nlmsg_flags", "IFLA_IFNAME", "IFLA_MTU")
    )
    assert "3\tRTM_NEWLINK\tNLM_F_REQUEST|NLM_F_ACK|NLM_F_EXCL|NLM_F_CREATE\tv10\t" == found[2]
    assert ["20\tRTM_NEWLINK\tNLM_F_MULTI|NLM_F_DUMP_FILTERED\tv10\t1500"] == [
        one for one in found if one.startswith("20\t")
    ][:1]
    assert 2 == len([one for one in found if one.startswith("20\t")])


def test_several_values_in_one_cell(capsys: pytest.CaptureFixture[str]) -> None:
    """egress-qos-map 1:2 4:5"""
    name = "IFLA_VLAN_EGRESS_QOS.IFLA_VLAN_QOS_MAPPING.from"
    assert "1,4" == lines(capsys, "vlan_add.pcap", *fields(name))[2]
    assert "1" == lines(capsys, "vlan_add.pcap", *fields(name), "-E", "occurrence=f")[2]
    assert "4" == lines(capsys, "vlan_add.pcap", *fields(name), "-E", "occurrence=l")[2]
    assert "1;4" == lines(capsys, "vlan_add.pcap", *fields(name), "-E", "aggregator=;")[2]


def test_header_separator_and_quotes(capsys: pytest.CaptureFixture[str]) -> None:
    options = [*fields("frame.number", "IFLA_IFNAME"), "-E", "header=y", "-E", "separator=|", "-E", "quote=d"]
    assert ['"frame.number"|"IFLA_IFNAME"', '"1"|"d0"'] == lines(capsys, "vlan_add.pcap", *options)[:2]


def test_csv_is_what_the_csv_module_reads(capsys: pytest.CaptureFixture[str]) -> None:
    options = ["-T", "csv", "-e", "frame.number", "-e", "IFLA_LINKINFO", "-e", "ifi_flags"]
    text = "\n".join(lines(capsys, "vlan_add.pcap", *options))
    rows = list(csv.DictReader(io.StringIO(text)))
    assert {
        "frame.number": "2",
        "IFLA_LINKINFO": '{"IFLA_INFO_KIND":"dummy"}',
        "ifi_flags": "IFF_BROADCAST|IFF_NOARP",
    } == rows[1]


def test_times_have_the_decimals_of_the_file(capsys: pytest.CaptureFixture[str]) -> None:
    assert (
        "1795477023.297988\t0.000000" == lines(capsys, "vlan_add.pcap", *fields("frame.time", "frame.time_relative"))[0]
    )


def test_a_command_by_name(capsys: pytest.CaptureFixture[str]) -> None:
    found = lines(
        capsys, "ethtool.pcap", *fields("genlmsghdr.family", "genlmsghdr.cmd"), "-Y", 'genlmsghdr.family == "ethtool"'
    )
    assert "ethtool\tETHTOOL_MSG_STRSET_GET" in found and "ethtool\tETHTOOL_MSG_STRSET_GET_REPLY" in found


@pytest.mark.parametrize(
    ("ours", "theirs", "name"),
    [
        ("IFLA_MTU", "ifla_mtu", "link_dump.pcap"),
        ("RTA_OIF", "rta_oif", "route.pcap"),
        ("IFLA_MTU", "ifla_mtu", "vlan_add.pcap"),
    ],
)
def test_the_frames_and_numbers_tshark_finds(
    ours: str, theirs: str, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    tshark = [
        "tshark",
        "-r",
        str(CAPTURES / name),
        "-T",
        "fields",
        "-e",
        "frame.number",
        "-e",
        f"netlink-route.{theirs}",
    ]
    needs("tshark")
    printed = subprocess.run(tshark, capture_output=True, text=True, check=True).stdout
    expected = {
        line.split("\t")[0]: line.split("\t")[1].split(",") for line in printed.splitlines() if line.split("\t")[1]
    }
    found: dict[str, list[str]] = {}
    for line in lines(capsys, name, *fields("frame.number", ours), "-Y", ours):
        number, values = line.split("\t")
        found.setdefault(number, []).extend(values.split(","))
    assert expected == found and found


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["-T", "fields"], "-T fields prints the fields you name"),
        (["-e", "IFLA_MTU"], "-e goes with -T fields"),
        (["-E", "header=y"], "-E goes with -T fields"),
        (["-T", "fields", "-e", "IFLA_MTUU"], 'no field "IFLA_MTUU"; did you mean "IFLA_MTU"'),
        (["-T", "fields", "-e", "IFLA_MTU", "-E", "heads=y"], "known are header, separator"),
        (["-T", "fields", "-e", "IFLA_MTU", "-E", "occurrence=x"], "occurrence is one of f, l, a"),
        (["-T", "fields", "-e", "IFLA_MTU > 5"], "name one field"),
    ],
)
def test_what_makes_no_sense_is_said(options: list[str], says: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert 2 == main(["read", str(CAPTURES / "vlan_add.pcap"), *options])
    assert says in capsys.readouterr().err


def test_a_capture_shows_what_its_filter_chooses(capsys: pytest.CaptureFixture[str]) -> None:
    """What `capture -Y` prints of the file that it writes."""
    options = parser().parse_args(["capture", "-Y", "error", *fields("frame.number", "error", "frame.time_relative")])
    with open_capture(path := str(CAPTURES / "tour.pcap")) as records:
        show_frames(path, records, options)
    assert ["119\tERANGE\t0.504811", "123\tEINVAL\t0.519458"] == capsys.readouterr().out.splitlines()


def test_standard_input_and_several_files_are_filtered(capsys: pytest.CaptureFixture[str]) -> None:
    names = [str(CAPTURES / name) for name in ("errors.pcap", "vlan_add.pcap")]
    assert 0 == main(["read", *names, "-Y", "error", *fields("frame.number", "error")])
    both = capsys.readouterr().out.splitlines()
    alone = lines(capsys, "errors.pcap", "-Y", "error", *fields("frame.number", "error"))
    assert alone == both and "4\tERANGE" == both[0]
    piped = run("read", "-", "-Y", "error", *fields("frame.number"), stdin=(CAPTURES / "tour.pcap").read_bytes())
    assert (0, b"119\n123\n") == (piped.returncode, piped.stdout)


def test_times_count_from_the_first_frame_not_the_first_shown(capsys: pytest.CaptureFixture[str]) -> None:
    """tshark -r captures/tour.pcap: frame 119 comes at 0.504811, 123 is 6 us behind 122."""
    assert lines(capsys, "tour.pcap", "-Y", "error")[0].split()[:2] == ["119", "0.504811"]
    assert [line for line in lines(capsys, "tour.pcap", "-Y", "error", "-t", "d") if "←" in line][1].split()[:2] == [
        "123",
        "0.000006",
    ]


def test_a_summary_is_escaped_once(capsys: pytest.CaptureFixture[str]) -> None:
    """ss -xa: abstract sockets begin with a NUL, and the list says so."""
    shown = [line.split(None, 5)[5] for line in lines(capsys, "sock_diag.pcap") if "\\x00" in line]
    assert shown
    cells = lines(capsys, "sock_diag.pcap", *fields("summary"))
    assert set(shown) <= set(cells)
