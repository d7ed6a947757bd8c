"""A fake kernel plays captures back: programs are tested without root, and without the state that was captured."""

from __future__ import annotations

import struct
import time
from errno import EEXIST, ENODEV, EOPNOTSUPP, ERANGE
from pathlib import Path
from typing import Any

import pytest
from scapy.sendrecv import AsyncSniffer, sndrcv

from nldissect.all import (
    CTRL_ATTR,
    ETHTOOL_A_HEADER,
    ETHTOOL_A_LINKSTATE,
    IFLA,
    IFLA_INFO,
    IFLA_VLAN,
    ifinfomsg,
    ndmsg,
)
from nldissect.errors import FileError, Interrupted, NetlinkError, NotRecorded
from nldissect.sockets import FakeKernel, NetlinkSocket
from nldissect.sockets.playback import Playback, cut
from nldissect.wire import nlmsghdr
from tests.helpers.paths import CAPTURES
from tests.helpers.skips import needs_netlink

LINKS = nlmsghdr(nlmsg_type="RTM_GETLINK") / ifinfomsg(ifi_family=17, attrs=[IFLA.EXT_MASK(9)])
"""As `ip link` of link_dump.pcap asks: AF_PACKET, RTEXT_FILTER_VF and RTEXT_FILTER_SKIP_STATS."""


def vlan(name: str, number: int) -> nlmsghdr:
    """`ip link add link d0 name NAME type vlan id NUMBER`; iproute2 sends the kind without a closing NUL."""
    info = [IFLA_INFO.KIND("vlan"), IFLA_INFO.DATA([IFLA_VLAN.ID(number)])]
    body = ifinfomsg(attrs=[IFLA.LINK(2), IFLA.IFNAME(name), IFLA.LINKINFO(info)])
    message: nlmsghdr = nlmsghdr(nlmsg_type="RTM_NEWLINK", nlmsg_flags="REQUEST|ACK|CREATE|EXCL") / body
    return message


@pytest.fixture(autouse=True)
def permitted() -> None:
    """Some sandboxes have no netlink."""
    needs_netlink()


def test_a_recorded_dump_is_dumped_again() -> None:
    """What `ip link` saw in the guest, asked for by another program on another host."""
    with FakeKernel(CAPTURES / "link_dump.pcap") as kernel, NetlinkSocket("route", kernel=kernel.port) as sock:
        links = sock.dump(LINKS)

    assert ["lo", "br0", "d0", "v10"] == [one[IFLA.IFNAME].value for one in links][:4]
    assert {sock.port} == {one.nlmsg_pid for one in links}
    assert 1 == len({one.nlmsg_seq for one in links})


def test_equal_requests_get_their_own_answers() -> None:
    """The requests of errors.pcap once more, in another order: each is refused, or not, as it was."""
    with FakeKernel(CAPTURES / "errors.pcap") as kernel, NetlinkSocket("route", kernel=kernel.port) as sock:
        made = [one for one in kernel.requests if IFLA_VLAN.ID in one]
        asked = {one[IFLA.IFNAME].value: one for one in made}
        assert sock.sr1(asked["v10"]).summary().startswith("NLMSG_ERROR ack for RTM_NEWLINK")
        with pytest.raises(NetlinkError, match="VLAN device already exists") as again:
            sock.sr1(asked["again"])
        with pytest.raises(NetlinkError, match="8021q: Invalid VLAN id") as refused:
            sock.sr1(asked["v5000"])

    assert (EEXIST, ERANGE) == (again.value.errno, refused.value.errno)
    assert "IFLA_LINKINFO.IFLA_INFO_DATA.IFLA_VLAN_ID" in (
        refused.value.attribute or "IFLA_LINKINFO.IFLA_INFO_DATA.IFLA_VLAN_ID"
    )
    assert asked["v5000"].nlmsg_seq == refused.value.request.nlmsg_seq


def test_answers_are_made_out_to_who_asks() -> None:
    """Sequence number and port id are new, in the echoed header too; all else is as recorded."""
    playback = Playback(CAPTURES / "errors.pcap", 0)
    request = next(one.request for one in playback.recorded if b"v5000" in one.request.data)
    fresh = request.data[:8] + struct.pack("=II", 0x1234, 77) + request.data[16:]
    (answer,) = playback.answer(fresh, port=4711)

    assert (0x1234, 4711) == struct.unpack_from("=II", answer, 8)
    assert (0x1234, 77) == struct.unpack_from("=II", answer, 28)
    before = next(one for one in playback.recorded if one.request is request).answers[0][0].data
    assert before[:8] + before[16:28] + before[36:] == answer[:8] + answer[16:28] + answer[36:]


def test_what_was_not_recorded_is_not_answered() -> None:
    """errors.pcap holds v5000 with id 5000, refused with ERANGE: that says nothing of zzz with id 7."""
    differs = (
        'the capture has no request "RTM_NEWLINK zzz@if2 vlan id 7"; the nearest, "RTM_NEWLINK v5000@if2 vlan id 5000",'
        ' differs in IFLA_IFNAME "zzz", recorded "v5000";'
        " IFLA_LINKINFO.IFLA_INFO_KIND 766c616e00, recorded 766c616e (bytes);"
        " IFLA_LINKINFO.IFLA_INFO_DATA.IFLA_VLAN_ID 7, recorded 5000"
    )
    kernel = FakeKernel(CAPTURES / "errors.pcap")
    with pytest.raises(NotRecorded) as told, kernel, NetlinkSocket("route", kernel=kernel.port) as sock:
        with pytest.raises(NetlinkError, match="Invalid VLAN id"):
            sock.sr1(kernel.requests[1])
        with pytest.raises(NetlinkError) as refused:
            sock.sr1(vlan("zzz", 7))

    assert (EOPNOTSUPP, differs) == (refused.value.errno, refused.value.text)
    assert differs == str(told.value)
    assert ["RTM_NEWLINK v5000@if2 vlan id 5000", "RTM_NEWLINK zzz@if2 vlan id 7"] == [
        one.summary() for one in kernel.asked
    ]


def test_what_is_sent_without_waiting_is_compared_too() -> None:
    kernel = FakeKernel(CAPTURES / "errors.pcap")
    with (
        pytest.raises(NotRecorded, match="RTM_NEWLINK zzz"),
        NetlinkSocket("route", kernel=kernel.port) as sock,
        kernel,
    ):
        sock.send(vlan("zzz", 7))


def test_it_listens_before_anything_is_sent(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where its thread comes to run late: what is sent meanwhile was in no comparison once."""
    run = AsyncSniffer._run

    def late(self: AsyncSniffer, *arguments: Any, **options: Any) -> None:
        time.sleep(0.05)  # a busy machine
        run(self, *arguments, **options)

    monkeypatch.setattr(AsyncSniffer, "_run", late)
    with FakeKernel(CAPTURES / "errors.pcap") as kernel:
        assert kernel.sniffer.running


def test_padding_does_not_count_and_all_else_does() -> None:
    """The request for v5000: its VLAN id is the last attribute, two bytes and two of padding."""
    kernel = FakeKernel(CAPTURES / "errors.pcap")
    data = next(one.request.data for one in kernel.playback.recorded if b"v5000" in one.request.data)
    assert struct.pack("=HHHH", 6, 1, 5000, 0) == data[-8:]
    assert 1 == len(kernel.answer(data[:-2] + b"\1\2"))

    link, name, info = data[32:40], data[40:52], data[52:]
    nested = info[:3] + b"\x80" + info[4:]  # NLA_F_NESTED
    changed = {
        "the order of attributes": data[:32] + name + link + info,
        "headers of attributes, in NLA_F_NESTED say": data[:52] + nested,
        "flags NLM_F_REQUEST|NLM_F_ACK, recorded NLM_F_REQUEST|NLM_F_ACK|NLM_F_EXCL|NLM_F_CREATE": data[:6]
        + struct.pack("=H", 5)
        + data[8:],
        "IFLA_LINKINFO.IFLA_INFO_DATA.IFLA_VLAN_ID 5001, recorded 5000": data[:-4] + struct.pack("=HH", 5001, 0),
    }
    for differs, request in changed.items():
        with pytest.raises(NotRecorded) as told:
            kernel.answer(request)
        assert differs == str(told.value).split("differs in ")[1]
    with pytest.raises(NotRecorded, match='the capture has no request "RTM_GETNEIGH", nor any of its type$'):
        kernel.answer(bytes(nlmsghdr(nlmsg_type="RTM_GETNEIGH", nlmsg_flags="REQUEST") / ndmsg()))


def test_a_loose_kernel_answers_with_what_is_alike() -> None:
    """strict=False: the first request of the type answers; of a type that was not recorded, EOPNOTSUPP."""
    fake = FakeKernel(CAPTURES / "errors.pcap", strict=False)
    with fake as kernel, NetlinkSocket("route", kernel=kernel.port) as sock:
        with pytest.raises(NetlinkError, match="Invalid VLAN id") as alike:
            sock.sr1(vlan("zzz", 7))
        with pytest.raises(NetlinkError) as refused:
            sock.sr1(nlmsghdr(nlmsg_type="RTM_GETNEIGH") / ndmsg())

    assert (ERANGE, EOPNOTSUPP, "") == (alike.value.errno, refused.value.errno, refused.value.text)


def test_a_request_asked_twice_gets_both_answers_in_turn() -> None:
    """`ip` asks for d0 with the same bytes before each of its commands; played on, the last answer stays."""
    playback = Playback(CAPTURES / "vlan_add.pcap", 0)
    asked = playback.recorded[0].request.data
    alike = [one for one in playback.recorded if one.request.data[16:] == asked[16:]]
    links = [one.answers[0][0].data[16:] for one in alike]
    assert len(links) > 1

    answers = [playback.answer(asked, 1)[0][16:] for _ in links]

    assert links == answers
    assert links[-1] == playback.answer(asked, 1)[0][16:]


def test_a_generic_family_with_its_recorded_id() -> None:
    with (
        FakeKernel(CAPTURES / "ethtool.pcap", "generic") as kernel,
        NetlinkSocket("generic", kernel=kernel.port) as sock,
    ):
        number = sock.families.family("ethtool")[CTRL_ATTR.FAMILY_ID].value
        attributes = [ETHTOOL_A_LINKSTATE.HEADER([ETHTOOL_A_HEADER.DEV_NAME("left")])]
        answer = sock.sr1(sock.genl("ethtool", "LINKSTATE_GET", attributes))
        with pytest.raises(NetlinkError, match="no device matches name, at ETHTOOL_A_LINKSTATE_HEADER") as refused:
            sock.sr1(kernel.requests[-2])

    assert (number, 1) == (answer.nlmsg_type, answer[ETHTOOL_A_LINKSTATE.LINK].value)
    assert "ETHTOOL_MSG_LINKSTATE_GET_REPLY left link 1" == answer.summary()
    assert ENODEV == refused.value.errno


def test_an_interrupted_dump_is_told() -> None:
    """dump_interrupted.pcap: addresses came and went while they were listed (NLM_F_DUMP_INTR)."""
    fake = FakeKernel(CAPTURES / "dump_interrupted.pcap")
    marked = [
        one.request
        for one in fake.playback.recorded
        if any(message.flags & 0x10 for part in one.answers for message in part)
    ]
    with fake as kernel, NetlinkSocket("route", kernel=kernel.port) as sock:
        (exchange,) = sock.ask(marked[0].data)
        with pytest.raises(Interrupted, match="a change interrupted the dump; ask again") as told:
            sock.dump(sock.frame(marked[0].data)[nlmsghdr], retries=0)

    assert exchange.interrupted and exchange.complete and exchange.error is None
    assert {"RTM_NEWADDR"} == {one.type_name for one in told.value.messages}


def test_scapys_sndrcv_with_a_fake_kernel() -> None:
    request = nlmsghdr(nlmsg_type="RTM_GETLINK", nlmsg_flags="REQUEST|DUMP", nlmsg_seq=5) / LINKS[ifinfomsg]
    with FakeKernel(CAPTURES / "link_dump.pcap") as kernel, NetlinkSocket("route", kernel=kernel.port) as sock:
        answered, silent = sndrcv(sock, [request], timeout=5, verbose=0)

    assert (1, 0) == (len(answered), len(silent))
    assert "lo" == answered[0].answer[IFLA.IFNAME].value


def test_as_an_answering_machine_on_a_socket_of_ones_own() -> None:
    from nldissect.sockets.fake_kernel import KernelSide

    side = KernelSide("route")
    machine = side.am(FakeKernel, capture=CAPTURES / "link_dump.pcap", count=1)
    machine.bg()
    with NetlinkSocket("route", kernel=side.port) as sock:
        assert "lo" == sock.dump(LINKS)[0][IFLA.IFNAME].value
    machine.sniffer.join(5)
    assert not machine.sniffer.running
    machine.close()


def test_what_can_not_be_played(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="nosuch.pcap"):
        FakeKernel(tmp_path / "nosuch.pcap")
    other = tmp_path / "ethernet.pcap"
    other.write_bytes(
        struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 0xFFFF, 1) + struct.pack("<IIII", 0, 0, 16, 16) + bytes(16)
    )
    with pytest.raises(FileError, match="no netlink capture"):
        FakeKernel(other)
    big = struct.pack(">IHHII", 16, 18, 0x301, 1, 0)
    frame = bytes.fromhex("00040338000000000000000000000000") + big
    swapped = tmp_path / "big.pcap"
    head = struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 0xFFFF, 253)
    swapped.write_bytes(head + struct.pack("<IIII", 0, 0, len(frame), len(frame)) + frame)
    with pytest.raises(FileError, match="other byte order"):
        FakeKernel(swapped)


def test_datagrams_are_cut_with_their_padding() -> None:
    first = struct.pack("=IHHII", 18, 3, 0, 1, 0) + b"ab" + bytes(2)
    assert [first, first[:18]] == [one.data for one in cut(first + first[:18])]
