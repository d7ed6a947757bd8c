"""Netlink sockets on this host's own kernel: what any user may ask. What needs root: test_root_kernel.py."""

from __future__ import annotations

import asyncio
import os
import socket
import threading
import time
from errno import ENODEV, ENOENT, EPROTONOSUPPORT
from pathlib import Path

import pytest
from scapy.packet import Raw
from scapy.sendrecv import sndrcv, sniff

from nldissect.all import CTRL_ATTR, IFA, IFLA, RTA, genlmsghdr, ifaddrmsg, ifinfomsg, nlctrl, rtmsg
from nldissect.errors import FieldError, NetlinkError, Unanswered
from nldissect.sockets import NetlinkSocket
from nldissect.wire import groups_in, mask_of, nlmon, nlmsghdr, sockaddr_nl
from tests.helpers.skips import needs_netlink

LOOPBACK = 1
PORT = 1_000_000 + os.getpid()


@pytest.fixture(autouse=True)
def permitted() -> None:
    """Some sandboxes have no netlink."""
    needs_netlink()


def link(index: int = 0, **fields: object) -> nlmsghdr:
    return nlmsghdr(nlmsg_type="RTM_GETLINK", **fields) / ifinfomsg(ifi_index=index)


def names() -> list[str]:
    return [name for _, name in socket.if_nameindex()]


def test_an_address_is_a_layer() -> None:
    address = sockaddr_nl(nl_pid=100, nl_groups=mask_of(3))

    assert "1000 0000 64000000 04000000".replace(" ", "") == bytes(address).hex()
    assert ([3], "port 100, groups 3") == (sockaddr_nl(bytes(address)).groups, address.summary())
    assert "nl_groups=0x4 (group 3)" in repr(address)
    assert "nl_groups=0x3 (groups 1, 2)" in repr(sockaddr_nl(nl_groups=3))  # who writes 3 for group 3 sees it here


def test_masks_hold_32_groups() -> None:
    assert (4, 0x80000001) == (mask_of(3), mask_of(32, 1))
    assert ([3], [1, 32]) == (groups_in(4), groups_in(0x80000001))
    with pytest.raises(FieldError, match="group 33"):
        mask_of(33)


def test_links_are_dumped() -> None:
    with NetlinkSocket("route") as sock:
        links = sock.dump(nlmsghdr(nlmsg_type="RTM_GETLINK") / ifinfomsg())

    assert names() == [one[IFLA.IFNAME].value for one in links]
    assert "RTM_NEWLINK" == links[0].type_name


def test_a_dump_can_be_walked_instead() -> None:
    with NetlinkSocket("route") as sock:
        links = sock.dump(nlmsghdr(nlmsg_type="RTM_GETLINK") / ifinfomsg(), walked=True)

    assert names() == [one.find("IFLA_IFNAME").value for one in links]


def test_addresses_and_routes_are_dumped() -> None:
    with NetlinkSocket() as sock:
        addresses = sock.dump(nlmsghdr(nlmsg_type="RTM_GETADDR") / ifaddrmsg(ifa_family="AF_INET"))
        routes = sock.dump(nlmsghdr(nlmsg_type="RTM_GETROUTE") / rtmsg(rtm_family="AF_INET"))

    local = [one for one in addresses if one[ifaddrmsg].ifa_index == LOOPBACK]
    assert "127.0.0.1" in [one[IFA.LOCAL].value for one in local]
    assert {"RTM_NEWROUTE"} == {one.type_name for one in routes}


def test_sr1_returns_the_answer_and_raises_what_is_refused() -> None:
    with NetlinkSocket() as sock:
        assert "lo" == sock.sr1(link(LOOPBACK), timeout=2, verbose=0)[IFLA.IFNAME].value
        with pytest.raises(NetlinkError) as refused:
            sock.sr1(link(0x7FFFFFFF))

    assert (ENODEV, "") == (refused.value.errno, refused.value.text)
    assert "RTM_GETLINK: ENODEV (No such device)" == str(refused.value)
    assert 0x7FFFFFFF == refused.value.request[ifinfomsg].ifi_index
    assert "NLMSG_ERROR" == refused.value.answer.type_name


def test_an_error_names_the_attribute() -> None:
    """The kernel says where, in bytes: here that is IFLA_EXT_MASK, one byte long where four are due."""
    with NetlinkSocket(strict=True) as sock, pytest.raises(NetlinkError) as refused:
        sock.sr1(nlmsghdr(nlmsg_type="RTM_GETLINK") / ifinfomsg(attrs=[IFLA.IFNAME("lo"), IFLA.EXT_MASK(value=b"\1")]))

    assert "IFLA_EXT_MASK" == refused.value.attribute
    assert refused.value.text and refused.value.text in str(refused.value)


def test_sr_pairs_and_lists_refusals_as_answers() -> None:
    with NetlinkSocket() as sock:
        answered, silent = sock.sr([link(LOOPBACK), link(0x7FFFFFFF), link(LOOPBACK)])

    assert 0 == len(silent)
    assert ["RTM_NEWLINK", "NLMSG_ERROR", "RTM_NEWLINK"] == [answer.type_name for _, answer in answered]
    assert all(answer.answers(request) for request, answer in answered)
    assert 3 == len({request.nlmsg_seq for request, _ in answered})


def test_sr_collects_all_of_a_dump() -> None:
    with NetlinkSocket() as sock:
        answered, _ = sock.sr(link(nlmsg_flags="REQUEST|DUMP"))
        first, _ = sock.sr(link(nlmsg_flags="REQUEST|DUMP"), multi=False)

    assert ["lo"] == [answer[IFLA.IFNAME].value for _, answer in first]
    assert names() == [answer[IFLA.IFNAME].value for _, answer in answered]


def test_a_thousand_requests_are_paired() -> None:
    """Where is 127.0.0.1? And every second time: where is it in a family that has no routes?"""
    families = ["AF_INET", "AF_UNIX"] * 500
    loopback = RTA.DST(value=bytes([127, 0, 0, 1]))
    bodies = [rtmsg(rtm_family=family, rtm_dst_len=32, attrs=[loopback]) for family in families]
    requests = [nlmsghdr(nlmsg_type="RTM_GETROUTE") / body for body in bodies]
    with NetlinkSocket() as sock:
        answered, silent = sock.sr(requests)

    assert (1000, 0) == (len(answered), len(silent))
    assert all(answer.answers(request) for request, answer in answered)
    assert ["RTM_NEWROUTE", "NLMSG_ERROR"] * 500 == [answer.type_name for _, answer in answered]
    assert families == [request.sprintf("%rtmsg.rtm_family%") for request, _ in answered]


def test_scapys_own_sndrcv_pairs_frames() -> None:
    requests = [link(index, nlmsg_seq=index, nlmsg_flags="REQUEST") for index in (LOOPBACK, 0x7FFFFFFF)]
    with NetlinkSocket() as sock:
        answered, silent = sndrcv(sock, requests, timeout=5, verbose=0)

    assert ([1, 0x7FFFFFFF], 0) == ([request.nlmsg_seq for request, _ in answered], len(silent))
    assert ["RTM_NEWLINK", "NLMSG_ERROR"] == [answer.messages[0].type_name for _, answer in answered]


def test_send_and_recv_are_frames_with_a_direction() -> None:
    with NetlinkSocket() as sock:
        sock.send(link(LOOPBACK))  # the flag without which the kernel ignores it is set by send
        frame = sock.recv(timeout=5)
        assert isinstance(frame, nlmon)
        assert sock.recv(timeout=0) is None

    assert (0, 0, "PACKET_USER") == (frame.source.nl_pid, frame.group, frame.sprintf("%sll_pkttype%"))
    assert ("to user", True) == (frame[nlmsghdr]._env.direction, frame[nlmsghdr]._env.values["direction_known"])
    assert sock.port == frame[nlmsghdr].nlmsg_pid


def test_what_is_set_by_hand_is_sent_so() -> None:
    with NetlinkSocket() as sock:
        sock.send(link(LOOPBACK, nlmsg_flags=0))
        assert sock.recv(timeout=0.1) is None


def test_a_datagram_larger_than_the_buffer_comes_whole() -> None:
    """The receive buffer begins with a few bytes: they are peeked at, then it grows."""
    with NetlinkSocket() as sock:
        sock.endpoint._room = bytearray(20)
        assert names() == [one[IFLA.IFNAME].value for one in sock.dump(link())]
        assert len(sock.endpoint._room) > 20


def test_several_messages_in_one_datagram() -> None:
    with NetlinkSocket() as sock:
        first, second = sock.ask([link(LOOPBACK), link(0x7FFFFFFF)])

    assert "lo" == first.answers[0][IFLA.IFNAME].value
    assert (None, ENODEV) == (first.error, second.error.errno)
    assert first.complete and second.complete


def test_generic_families_by_name() -> None:
    with NetlinkSocket("generic") as sock:
        assert 0x10 == sock.families.id("nlctrl")
        sock.join("nlctrl/notify")
        assert [0x10] == sock.groups
        answer = sock.sr1(sock.genl("nlctrl", "GETFAMILY", [CTRL_ATTR.FAMILY_NAME("nlctrl")]))
        assert "nlctrl" == answer[CTRL_ATTR.FAMILY_NAME].value
        with pytest.raises(NetlinkError, match='no generic family "nlctl"; did you mean "nlctrl"') as refused:
            sock.families.id("nlctl")
        with pytest.raises(FieldError, match='no command "GETFAMILIE"; it has CTRL_CMD_GETFAMILY'):
            sock.genl("nlctrl", "GETFAMILIE")

    assert ENOENT == refused.value.errno


def test_a_private_protocol_without_its_module() -> None:
    with pytest.raises(NetlinkError, match="no kernel module has registered netlink protocol 25;") as refused:
        NetlinkSocket(25, groups=[3])

    assert EPROTONOSUPPORT == refused.value.errno


def test_groups_by_name() -> None:
    with NetlinkSocket("route", groups=["link", "RTNLGRP_STATS", "route/ipv4-route", 3]) as sock:
        assert [1, 3, 7, 36] == sock.groups
        assert 0x45 == sock.address.nl_groups
        sock.leave("neigh")
        assert [1, 7, 36] == sock.groups


@pytest.mark.parametrize(
    ("group", "text"),
    [
        ("lnik", "NETLINK_ROUTE has no group 'lnik'; there are link notify"),
        ("xfrm/acquire", "xfrm/acquire is no group of NETLINK_ROUTE, and a socket has one protocol"),
        ("rouet/link", "no netlink protocol is called 'rouet'|NETLINK_ROUTE has no group 'rouet/link'"),
        (99, "NETLINK_ROUTE has no group 99$"),
        (0x40, "has no group 64; groups are given by number, and 0x40 is the mask of group 7 .route/ipv4-route"),
    ],
)
def test_a_group_that_is_not_there(group: str | int, text: str) -> None:
    with pytest.raises((FieldError, NetlinkError), match=text):
        NetlinkSocket("route", groups=group)


def usersock(port: int | None = None) -> NetlinkSocket:
    return NetlinkSocket("usersock", port, timeout=5)


def test_user_to_user() -> None:
    """A text behind nlmsghdr, from a port of our choice to one of the kernel's."""
    with usersock(PORT) as sender, usersock() as receiver:
        sender.send(nlmsghdr(nlmsg_type=0x20, nlmsg_seq=1, nlmsg_pid=PORT) / "Hello you!", port=receiver.port)
        frame = receiver.recv()

    assert (PORT, 26, b"Hello you!") == (frame.source.nl_pid, frame[nlmsghdr].nlmsg_len, frame[Raw].load)
    assert "user to user" == frame[nlmsghdr]._env.direction


def test_nobody_at_that_port() -> None:
    text = f"nobody is bound to port {PORT + 1} of NETLINK_USERSOCK"
    with usersock() as sender, pytest.raises(NetlinkError, match=text):
        sender.send(nlmsghdr(nlmsg_type=0x20) / "Hello?", port=PORT + 1)


def test_the_kernel_does_not_listen_there() -> None:
    with usersock() as sender, pytest.raises(NetlinkError, match="the kernel takes no messages on NETLINK_USERSOCK"):
        sender.send(nlmsghdr(nlmsg_type=0x20) / "Hello?")


def test_a_port_that_is_taken() -> None:
    with usersock() as first, pytest.raises(NetlinkError, match=f"port {first.port} of NETLINK_USERSOCK is taken"):
        usersock(first.port)


def test_a_group_nobody_listens_to() -> None:
    if not Path("/proc/net/netlink").exists():
        pytest.skip("this host has no /proc/net/netlink to tell who listens")
    with usersock() as sender, pytest.raises(NetlinkError, match="nobody listens to group 31 of .* the -3 of"):
        sender.send(nlmsghdr(nlmsg_type=0x20) / "Hello?", group=31)


def test_peers_answer_by_sequence_number() -> None:
    """What else arrives meanwhile is kept for recv()."""
    with usersock() as server, usersock() as client:

        def serve() -> None:
            asked = server.recv()
            server.send(nlmsghdr(nlmsg_type=0x30) / "meanwhile", port=asked.source.nl_pid)
            server.send(nlmsghdr(nlmsg_type=0x21, nlmsg_seq=asked[nlmsghdr].nlmsg_seq) / "yes", asked.source.nl_pid)

        thread = threading.Thread(target=serve)
        thread.start()
        answer = client.sr1(nlmsghdr(nlmsg_type=0x20) / "well?", port=server.port)
        thread.join()
        assert b"yes" == answer[Raw].load
        assert [client] == NetlinkSocket.select([client], 0)
        assert b"meanwhile" == client.recv()[Raw].load


def test_no_answer_in_time() -> None:
    with usersock() as silent, usersock() as client:
        request = nlmsghdr(nlmsg_type=0x20) / "anybody?"
        assert client.sr1(request, timeout=0.05, port=silent.port) is None
        answered, unanswered = client.sr(request, timeout=0.05, port=silent.port)
        assert (0, 1) == (len(answered), len(unanswered))


def test_a_dump_without_end_is_told() -> None:
    """The peer sends one message of many, and no NLMSG_DONE."""
    with usersock() as server, usersock() as client:

        def serve() -> None:
            asked = server.recv()
            part = nlmsghdr(nlmsg_type=0x21, nlmsg_flags="MULTI", nlmsg_seq=asked[nlmsghdr].nlmsg_seq) / "one"
            server.send(part, asked.source.nl_pid)

        thread = threading.Thread(target=serve)
        thread.start()
        with pytest.raises(Unanswered, match="did not end within 0.2 s") as late:
            client.dump(nlmsghdr(nlmsg_type=0x20) / "all", port=server.port, timeout=0.2)
        thread.join()

    assert [b"one"] == [one[Raw].load for one in late.value.messages]


def test_scapys_sniff_reads_it() -> None:
    with usersock() as sender, usersock() as receiver:
        for text in ("one", "two"):
            sender.send(nlmsghdr(nlmsg_type=0x20) / text, port=receiver.port)
        frames = sniff(opened_socket=receiver, count=2, timeout=5)

    assert [b"one", b"two"] == [frame[Raw].load for frame in frames]


def test_iterating_ends_with_the_timeout() -> None:
    with usersock() as sender, usersock() as receiver:
        sender.send(nlmsghdr(nlmsg_type=0x20) / "one", port=receiver.port)
        receiver.timeout = 0.05
        assert [b"one"] == [frame[Raw].load for frame in receiver]


def test_asyncio() -> None:
    async def talk() -> list[bytes]:
        with usersock() as sender, usersock() as receiver:
            receiver.timeout = 0.2
            asyncio.get_running_loop().call_later(0.02, sender.send, nlmsghdr(nlmsg_type=0x20) / "later", receiver.port)
            heard = [frame[Raw].load async for frame in receiver]
            begun = time.monotonic()
            assert await receiver.arecv(timeout=0.05) is None
            assert 0.04 < time.monotonic() - begun < 2
            return heard

    assert [b"later"] == asyncio.run(talk())


def test_answers_and_hashret() -> None:
    request = nlmsghdr(nlmsg_type=0x10, nlmsg_seq=7, nlmsg_flags=1) / genlmsghdr(cmd=3) / nlctrl()
    reply = nlmsghdr(nlmsg_type=0x10, nlmsg_seq=7) / genlmsghdr(cmd=1) / nlctrl()
    other = nlmsghdr(nlmsg_type=0x10, nlmsg_seq=8) / genlmsghdr(cmd=1) / nlctrl()
    frame = nlmon(sll_protocol=16, messages=[other, reply])

    assert request.hashret() == reply.hashret() != other.hashret()
    assert (1, 0, 0) == (reply.answers(request), other.answers(request), request.answers(reply))
    assert (1, 0) == (frame.answers(request), frame.answers(nlmon(messages=[nlmsghdr(nlmsg_seq=9)])))
