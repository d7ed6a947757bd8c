"""At the prompt: netlink captures in Scapy's own functions, read, edited, built and written again."""

import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from scapy.config import conf
from scapy.packet import Packet, fuzz
from scapy.sendrecv import sniff
from scapy.utils import PcapNgReader, PcapNgWriter, PcapReader, rdpcap, tcpdump, wireshark, wrpcap, wrpcapng

import nldissect
from nldissect.all import *  # noqa: F403
from nldissect.all import AF, IFLA, IFLA_INFO, IFLA_VLAN, RTA, Context, ifinfomsg, nlmon, nlmsghdr, rtmsg
from tests.helpers.paths import CAPTURES
from tests.helpers.skips import needs

conf.debug_dissector = True


def packets(name: str) -> list[Packet]:
    return list(rdpcap(str(CAPTURES / name)))


def vlan_request() -> Packet:
    """ip link add link d0 name v10 type vlan id 10 protocol 802.1ad ..."""
    return next(packet for packet in packets("vlan_add.pcap") if IFLA_VLAN.ID in packet)


def test_rows_find_their_attributes() -> None:
    frame = vlan_request()

    assert 10 == frame[IFLA_VLAN.ID].value
    assert "v10" == frame[IFLA.IFNAME].value
    assert "ETH_P_8021AD" == frame[IFLA_VLAN.PROTOCOL].shown
    assert IFLA.MTU not in frame
    assert "RTM_NEWLINK" == frame.sprintf("%nlmsghdr.nlmsg_type%")
    assert [nlmon, nlmsghdr, ifinfomsg] == frame.layers()
    with pytest.raises(IndexError):
        frame[IFLA.MTU]


def test_a_deep_change_reaches_every_length_above() -> None:
    frame = vlan_request()
    before, info = frame[nlmsghdr].nlmsg_len, frame[IFLA.LINKINFO].nla_len

    frame[IFLA_VLAN.ID].value = 77
    frame[IFLA_INFO.DATA].value.append(IFLA_VLAN.PROTOCOL("ETH_P_8021Q"))

    again = nlmon(bytes(frame))
    assert 77 == again[IFLA_VLAN.ID].value
    assert before + 8 == again[nlmsghdr].nlmsg_len == len(bytes(again)) - 16
    assert info + 8 == again[IFLA.LINKINFO].nla_len


def test_lists_of_attributes_take_insert_and_del() -> None:
    frame = vlan_request()
    attrs = frame[ifinfomsg].attrs
    names = [item.name for item in attrs]

    attrs.insert(0, IFLA.MTU(1400))
    del attrs[1]

    again = nlmon(bytes(frame))
    assert ["IFLA_MTU", *names[1:]] == [item.name for item in again[ifinfomsg].attrs]
    assert 1400 == again[IFLA.MTU].value


def test_a_message_from_scratch_is_what_iproute2_sends() -> None:
    """Against the bytes of strace-like ground truth: lengths, padding and the nested flag are worked out."""
    message = nlmsghdr(nlmsg_type="RTM_NEWLINK", nlmsg_flags="REQUEST|ACK|CREATE|EXCL", nlmsg_seq=7) / ifinfomsg(
        attrs=[
            IFLA.IFNAME("v10"),
            IFLA.LINKINFO([IFLA_INFO.KIND("vlan"), IFLA_INFO.DATA([IFLA_VLAN.ID(10)])]),
        ]
    )
    expected = (
        "44000000 1000 0506 07000000 00000000"
        "00 00 0000 00000000 00000000 00000000"
        "0800 0300 76313000"
        "1c00 1280  0900 0100 766c616e00 000000  0c00 0280  0600 0100 0a00 0000"
    )
    assert bytes.fromhex(expected) == bytes(message)


def test_a_value_set_by_hand_is_sent_as_set() -> None:
    assert "0900030001000000" == bytes(IFLA.MTU(1, nla_len=9, nla_type=3)).hex()


def test_bytes_alone_are_dissected() -> None:
    assert 1500 == IFLA.MTU(bytes.fromhex("08000400dc050000")).value


def test_names_and_errors_of_values() -> None:
    message = ifinfomsg(ifi_family="AF_INET6", ifi_flags=["UP", "IFF_NOARP"])
    assert (10, 0x81) == (message.ifi_family, message.ifi_flags)
    with pytest.raises(nldissect.errors.FieldError, match="NOSUCH"):
        ifinfomsg(ifi_flags="NOSUCH")
    with pytest.raises(nldissect.errors.FieldError, match="RTA_DST"):
        RTA.DST("10.0.0.300")
    with pytest.raises(nldissect.errors.FieldError, match="IFLA_MTU"):
        bytes(IFLA.MTU(1 << 32))


def test_addresses_by_the_header_they_stand_behind() -> None:
    raw = bytes(nlmsghdr(nlmsg_type="RTM_NEWROUTE") / rtmsg(rtm_family=AF.MPLS, attrs=[RTA.DST("100")]))
    message = nlmsghdr(raw, _env=nldissect.wire.context.Env("<", 0, Context()))

    assert "00064100" == raw[32:36].hex()
    assert "100" == message[RTA.DST].value


def test_show2_knows_what_the_packet_knows() -> None:
    """A body tells the type and the protocol of a message that was made without them."""
    made = nlmsghdr() / ifinfomsg(attrs=[IFLA.MTU(1400)])
    assert "RTM_NEWLINK" == made.type_name
    for text in (made.show2(dump=True), nlmon(messages=[made]).show2(dump=True)):
        assert "nlmsg_type= RTM_NEWLINK" in text and "###[ IFLA_MTU ]###" in text and "value     = 1400" in text
    assert "value     = 10.0.0.0" in RTA.DST("10.0.0.0").show2(dump=True)


def test_fuzz_leaves_types_and_lengths_alone() -> None:
    for _ in range(20):
        raw = bytes(fuzz(nlmsghdr(nlmsg_type="RTM_NEWLINK") / ifinfomsg(attrs=[IFLA.MTU(), IFLA.TXQLEN()])))
        assert (48, 16) == (int.from_bytes(raw[:4], "little"), int.from_bytes(raw[4:6], "little"))
        assert bytes.fromhex("08000400") == raw[32:36]
        assert bytes.fromhex("08000d00") == raw[40:44]


@pytest.fixture
def errors() -> Iterator[Any]:
    with nldissect.open(CAPTURES / "errors.pcap") as capture:
        yield capture


def test_what_a_filter_leaves_is_written_as_netlink(tmp_path: Path, errors: Any) -> None:
    """Messages, with the cooked header and the time of their frames; nothing asks for link type Ethernet."""
    refused = errors.filter("error")
    for packets in (refused, list(refused), [refused[0]], refused[0]):
        wrpcap(str(tmp_path / "out.pcap"), packets)
        assert 253 == PcapReader(str(tmp_path / "out.pcap")).linktype
        with nldissect.open(tmp_path / "out.pcap") as again:
            wanted = [packets] if packets is refused[0] else list(packets)
            assert [bytes(one) for one in wanted] == [bytes(one) for one in again]
            assert [one.parent.time for one in wanted] == [one.parent.time for one in again]
            assert [one.parent.sll_pkttype for one in wanted] == [one.parent.sll_pkttype for one in again]
            assert len(again) == len(again.filter("protocol == NETLINK_ROUTE and error"))


def test_a_message_made_by_hand_is_written_as_netlink(tmp_path: Path) -> None:
    """Its body tells the protocol; where it does not, one line says what to write."""
    made = nlmsghdr(nlmsg_type="RTM_NEWLINK") / ifinfomsg(attrs=[IFLA.MTU(1400)])
    wrpcap(str(tmp_path / "out.pcap"), [made, nlmon(messages=[made])])
    wrpcapng(str(tmp_path / "out.pcapng"), made)
    for name in ("out.pcap", "out.pcapng"):
        (first, *_) = rdpcap(str(tmp_path / name))
        assert bytes(nlmon(sll_protocol=0, messages=[made])) == bytes(first)
        assert abs(made.time - first.time) < 0.001
    with pytest.raises(nldissect.errors.FieldError, match=r"put it into nlmon\(sll_protocol=..., messages=\[...\]\)"):
        wrpcap(str(tmp_path / "none.pcap"), nlmsghdr(nlmsg_type=99) / b"abc")


def test_tcpdump_and_wireshark_are_given_netlink(tmp_path: Path, errors: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """tcpdump(cap), wireshark(filter("error")): what the program reads is link type 253."""
    program, seen = tmp_path / "program", tmp_path / "seen"
    program.write_text(f"#!/bin/sh\ncat > {seen}.part; mv {seen}.part {seen}\n")
    program.chmod(0o755)
    monkeypatch.setattr(conf.prog, "tcpdump", str(program))
    monkeypatch.setattr(conf.prog, "wireshark", str(program))
    refused = errors.filter("error")
    for call, packets, count in ((tcpdump, errors, 101), (wireshark, refused, 19), (tcpdump, refused[0], 1)):
        seen.unlink(missing_ok=True)
        call(packets, wait=True)
        with nldissect.open(seen) as again:
            assert count == len(again)


def test_a_capture_and_a_filter_have_a_list_s_methods(errors: Any, capsys: pytest.CaptureFixture[str]) -> None:
    refused = errors.filter("error")[:2]
    lines = [one.summary() for one in refused]
    refused.summary()
    assert lines == capsys.readouterr().out.splitlines()
    for method in (refused.nsummary, refused.show):
        method()
        assert [f"{place:04} {line}" for place, line in enumerate(lines)] == capsys.readouterr().out.splitlines()
    errors.summary(prn=lambda one: one.nlmsg_seq, lfilter=lambda one: one.nlmsg_type == 2)
    assert len(errors.filter("nlmsg_type == 2")) == len(capsys.readouterr().out.split()) == 22


def test_a_test_finds_the_errors_it_catches() -> None:
    assert nldissect.all.NetlinkError is nldissect.errors.NetlinkError
    assert {"NetlinkError", "Overrun"} <= set(nldissect.all.__all__)


def test_pcap_there_and_back(tmp_path: Path) -> None:
    wrpcap(str(tmp_path / "out.pcap"), packets("vlan_add.pcap"))
    assert (tmp_path / "out.pcap").read_bytes()[24:] == (CAPTURES / "vlan_add.pcap").read_bytes()[24:]


def test_pcapng_there_and_back(tmp_path: Path) -> None:
    path = str(tmp_path / "out.pcapng")
    with PcapNgWriter(path) as writer:
        for packet in packets("vlan_add.pcap"):
            writer.write(packet)
    with PcapNgReader(path) as reader:
        assert [bytes(packet) for packet in packets("vlan_add.pcap")] == [bytes(packet) for packet in reader]


def test_sniff_offline_with_a_session_knows_families() -> None:
    """The ids of generic families are learnt from nlctrl's replies earlier in the file."""
    frames = sniff(offline=str(CAPTURES / "ethtool.pcap"), session=nldissect.NetlinkSession)
    families = {frame[nldissect.all.genlmsghdr].family for frame in frames if nldissect.all.genlmsghdr in frame}

    assert "ethtool" in families


def test_an_edited_capture_opens_in_tshark(tmp_path: Path) -> None:
    needs("tshark")
    frames = packets("vlan_add.pcap")
    next(frame for frame in frames if IFLA_VLAN.ID in frame)[IFLA_VLAN.ID].value = 99
    wrpcap(str(tmp_path / "edited.pcap"), frames)

    told = subprocess.run(
        ["tshark", "-r", tmp_path / "edited.pcap", "-Y", "_ws.malformed || _ws.short"], capture_output=True, text=True
    )
    assert (0, "") == (told.returncode, told.stdout)


def test_a_stream_of_packets_reads_one_by_one() -> None:
    with PcapReader(str(CAPTURES / "vlan_add.pcap")) as reader:
        assert isinstance(next(iter(reader)), nlmon)


def test_attribute_classes_stay_out_of_the_layer_list() -> None:
    assert IFLA.MTU.layer.__name__ == "IFLA_MTU"
    assert not [layer for layer in conf.layers if layer.__name__.startswith("IFLA_") or layer.__name__[0] == "_"]


def test_a_nexthop_record_follows_what_is_in_it() -> None:
    """ip route add 10.3.0.0/16 nexthop via 192.0.2.254 weight 1 nexthop via ... : each begins with its own length."""
    frame = next(frame for frame in packets("route.pcap") if RTA.MULTIPATH in frame)
    record = frame[RTA.MULTIPATH].value[0]
    before, whole = record.rtnh_len, frame[nlmsghdr].nlmsg_len

    record.attrs.append(RTA.PRIORITY(7))

    again = nlmon(bytes(frame))
    assert before + 8 == again[RTA.MULTIPATH].value[0].rtnh_len
    assert whole + 8 == again[nlmsghdr].nlmsg_len
    assert len(frame[RTA.MULTIPATH].value) == len(again[RTA.MULTIPATH].value)
