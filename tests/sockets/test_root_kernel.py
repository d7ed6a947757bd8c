"""Netlink sockets with all privileges, in the real kernel: crafted packets change it, and its own tools say so."""

from __future__ import annotations

import json
import sys
from ctypes.util import find_library
from errno import EEXIST, ENODEV, EPERM, ERANGE, ESRCH
from types import ModuleType
from typing import Any

import pytest

from tests.helpers.paths import CAPTURES
from tests.helpers.skips import needs

PRELUDE = """
import json, os, subprocess, threading, time
from pathlib import Path
from nldissect.all import *
from nldissect.errors import NldissectError, Overrun
from scapy.config import conf
from scapy.sendrecv import AsyncSniffer, sniff
conf.debug_dissector = 2

def sh(command):
    done = subprocess.run(command, shell=True, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout

def said(command):
    return json.loads(sh(command) or "[]")

def refused(do, *arguments, **options):
    try:
        do(*arguments, **options)
        return None
    except NldissectError as error:
        told = [getattr(error, name, None) for name in ("errno", "text", "attribute")]
        return [told[0], str(error), *told[1:]]

def new(type, body, flags="REQUEST|ACK|CREATE|EXCL"):
    return nlmsghdr(nlmsg_type=type, nlmsg_flags=flags) / body

def link(name, kind, *more, data=()):
    info = [IFLA_INFO.KIND(kind)] + ([IFLA_INFO.DATA(list(data))] if data else [])
    return new("RTM_NEWLINK", ifinfomsg(attrs=[IFLA.IFNAME(name), IFLA.LINKINFO(info), *more]))
"""

needs_libpcap = pytest.mark.skipif(find_library("pcap") is None, reason="no libpcap; install the package libpcap0.8")


@pytest.fixture
def guest(kernel: ModuleType) -> Any:
    """Run a program in the guest; it gives back what it `told`."""

    def run(program: str) -> Any:
        script = f"{PRELUDE}\ntold = {{}}\n{program}\nprint('@' + json.dumps(told))\n"
        result = kernel.run(script, interpreter=sys.executable)
        assert result.status == 0, result.output
        lines = [line for line in result.output.splitlines() if line.startswith("@")]
        return json.loads(lines[-1][1:])

    return run


def test_links_addresses_routes_rules_are_made_changed_and_deleted(guest: Any) -> None:
    """iproute2 says after each step what the kernel has."""
    told = guest("""
sock = NetlinkSocket("route")
sock.sr1(link("d0", "dummy", IFLA.MTU(1400)))
told["made"] = said("ip -d -j link show d0")[0]
index = sock.sr1(nlmsghdr(nlmsg_type="RTM_GETLINK") / ifinfomsg(attrs=[IFLA.IFNAME("d0")]))[ifinfomsg].ifi_index
sock.sr1(link("v10", "vlan", IFLA.LINK(index), data=[IFLA_VLAN.ID(10)]))
told["vlan"] = said("ip -d -j link show v10")[0]
up = ifinfomsg(ifi_index=index, ifi_flags="IFF_UP", ifi_change="IFF_UP", attrs=[IFLA.MTU(1300)])
sock.sr1(nlmsghdr(nlmsg_type="RTM_NEWLINK") / up)
told["changed"] = said("ip -j link show d0")[0]

attrs = [IFA.LOCAL("192.0.2.1"), IFA.ADDRESS("192.0.2.1")]
address = ifaddrmsg(ifa_family="AF_INET", ifa_prefixlen=24, ifa_index=index, attrs=attrs)
sock.sr1(new("RTM_NEWADDR", address))
told["address"] = said("ip -j addr show d0")[0]["addr_info"][0]
route = rtmsg(rtm_family="AF_INET", rtm_dst_len=8, rtm_table="RT_TABLE_MAIN", rtm_protocol="RTPROT_STATIC",
              rtm_type="RTN_UNICAST", attrs=[RTA.DST("10.0.0.0"), RTA.GATEWAY("192.0.2.254")])
sock.sr1(new("RTM_NEWROUTE", route))
told["route"] = said("ip -j route show 10.0.0.0/8")[0]
route[RTA.GATEWAY].value = "192.0.2.253"
sock.sr1(new("RTM_NEWROUTE", route, "REQUEST|ACK|REPLACE"))
told["replaced"] = said("ip -j route show 10.0.0.0/8")[0]
sock.sr1(nlmsghdr(nlmsg_type="RTM_DELROUTE") / route)
told["no route"] = said("ip -j route show 10.0.0.0/8")

rule = fib_rule_hdr(family="AF_INET", table=100, action="FR_ACT_TO_TBL", attrs=[FRA.PRIORITY(555), FRA.FWMARK(7)])
sock.sr1(new("RTM_NEWRULE", rule))
told["rule"] = said("ip -j rule show priority 555")[0]
sock.sr1(nlmsghdr(nlmsg_type="RTM_DELRULE") / rule)
told["no rule"] = said("ip -j rule show priority 555")

sock.sr1(nlmsghdr(nlmsg_type="RTM_DELADDR") / address)
told["no address"] = said("ip -4 -j addr show d0")
sock.sr1(nlmsghdr(nlmsg_type="RTM_DELLINK") / ifinfomsg(ifi_index=index))
told["left"] = [one["ifname"] for one in said("ip -j link")]
""")

    assert ("d0", 1400, "dummy") == (told["made"]["ifname"], told["made"]["mtu"], told["made"]["linkinfo"]["info_kind"])
    assert (10, "d0") == (told["vlan"]["linkinfo"]["info_data"]["id"], told["vlan"]["link"])
    assert 1300 == told["changed"]["mtu"] and "UP" in told["changed"]["flags"]
    assert ("192.0.2.1", 24) == (told["address"]["local"], told["address"]["prefixlen"])
    assert ("192.0.2.254", "static") == (told["route"]["gateway"], told["route"]["protocol"])
    assert "192.0.2.253" == told["replaced"]["gateway"]
    assert ("0x7", "100") == (told["rule"]["fwmark"], told["rule"]["table"])
    assert [[], []] == [told["no route"], told["no rule"]]
    assert [] == [one for one in told["no address"] if one]
    assert not {"d0", "v10"} & set(told["left"])


def test_an_nftables_batch(guest: Any) -> None:
    """A list is one datagram: begin, table, chain, end. `nft` shows what came of it; what fails leaves nothing.

    The guest has nftables for bridges only.
    """
    needs("nft", path="/usr/sbin:/usr/bin:/sbin:/bin")
    told = guest("""
def batch(*messages):
    begin = nlmsghdr(nlmsg_type="NFNL_MSG_BATCH_BEGIN") / nfnl_batch(res_id=10)
    end = nlmsghdr(nlmsg_type="NFNL_MSG_BATCH_END") / nfnl_batch(res_id=10)
    return [begin, *messages, end]

def table(name, flags="REQUEST|ACK|CREATE|EXCL"):
    return new("NFT_MSG_NEWTABLE", nft_table(nfgen_family="NFPROTO_BRIDGE", attrs=[NFTA_TABLE.NAME(name)]), flags)

def chain(of, name):
    hook = NFTA_CHAIN.HOOK([NFTA_HOOK.HOOKNUM("NF_BR_LOCAL_IN"), NFTA_HOOK.PRIORITY(-5)])
    attrs = [NFTA_CHAIN.TABLE(of), NFTA_CHAIN.NAME(name), hook, NFTA_CHAIN.TYPE("filter")]
    return new("NFT_MSG_NEWCHAIN", nft_chain(nfgen_family="NFPROTO_BRIDGE", attrs=attrs))

sock = NetlinkSocket("nfnetlink", groups=["nftables"])
made = sock.ask(batch(table("t0"), chain("t0", "in")))
told["made"] = [[one.error and one.error.errno, one.complete, one.expects] for one in made]
told["nft"] = [one for one in said("nft -j list ruleset")["nftables"] if "metainfo" not in one]
sock.timeout = 0.5
told["heard"] = [one.type_name for frame in sock for one in frame.messages]
failed = sock.ask(batch(table("t1"), table("t0"), chain("nosuch", "in")))
told["failed"] = [one.error and [one.error.errno, str(one.error)] for one in failed]
told["left"] = [one["table"]["name"] for one in said("nft -j list tables")["nftables"] if "table" in one]
tables = sock.dump(nlmsghdr(nlmsg_type="NFT_MSG_GETTABLE") / nft_table())
told["dumped"] = [one[NFTA_TABLE.NAME].value for one in tables]
""")

    assert [[None, False, False], [None, True, True], [None, True, True], [None, False, False]] == told["made"]
    assert {"family": "bridge", "name": "t0"}.items() <= told["nft"][0]["table"].items()
    chain = told["nft"][1]["chain"]
    assert ("t0", "in", "input", -5, "filter") == tuple(
        chain[name] for name in ("table", "name", "hook", "prio", "type")
    )
    assert ["NFT_MSG_NEWTABLE", "NFT_MSG_NEWCHAIN", "NFT_MSG_NEWGEN"] == told["heard"]
    assert (None, None) == (told["failed"][0], told["failed"][1])
    assert EEXIST == told["failed"][2][0]
    assert ["t0"] == told["left"] == told["dumped"]


def test_notifications_are_heard_with_their_group(guest: Any) -> None:
    """What this socket itself changes is not taken for an answer; it waits for recv()."""
    told = guest("""
sock = NetlinkSocket("route", groups=["link", "ipv4-ifaddr"], timeout=5)
ack = sock.sr1(link("d0", "dummy"))
told["ack"] = ack.type_name
frame = sock.recv()
told["heard"] = [frame[nlmsghdr].type_name, frame[IFLA.IFNAME].value, frame.group, frame.source.summary()]
told["direction"] = frame[nlmsghdr]._env.direction
sh("ip addr add 192.0.2.1/24 dev d0")
told["then"] = sock.recv()[nlmsghdr].summary()
sock.leave("link")
sh("ip link set d0 mtu 1400")
told["silence"] = sock.recv(timeout=0.2) is None
changed = ifinfomsg(ifi_index=frame[ifinfomsg].ifi_index, attrs=[IFLA.MTU(1300)])
echo = sock.sr1(nlmsghdr(nlmsg_type="RTM_NEWLINK", nlmsg_flags="REQUEST|ACK|ECHO") / changed)
told["echo"] = echo.type_name
""")

    assert "NLMSG_ERROR" == told["ack"]
    assert ["RTM_NEWLINK", "d0", 1, "kernel, groups 1"] == told["heard"]
    assert "notification" == told["direction"]
    assert told["then"].startswith("RTM_NEWADDR 192.0.2.1/24 dev d0")
    assert told["silence"]
    assert told["echo"] in ("RTM_NEWLINK", "NLMSG_ERROR")


def test_refusals_carry_the_kernels_words_and_the_attribute(guest: Any) -> None:
    told = guest("""
sock = NetlinkSocket("route")
sock.sr1(link("d0", "dummy"))
index = sock.sr1(nlmsghdr(nlmsg_type="RTM_GETLINK") / ifinfomsg(attrs=[IFLA.IFNAME("d0")]))[ifinfomsg].ifi_index
wrong = link("v10", "vlan", IFLA.LINK(index), data=[IFLA_VLAN.ID(5000)])
told["words"] = refused(sock.sr1, wrong)
told["place"] = refused(sock.sr1, new("RTM_NEWLINK", ifinfomsg(attrs=[IFLA.IFNAME("d1"), IFLA.MTU(value=b"12")])))
told["full"] = len(bytes(sock.ask(wrong)[0].ack[nlmsgerr].request))
told["capped"] = len(bytes(NetlinkSocket("route", cap_ack=True).ask(wrong)[0].ack[nlmsgerr].request))
told["without"] = refused(NetlinkSocket("route", extack=False).sr1, wrong)
told["paired"] = [refused(sock.sr1, one) for one in [link("d0", "dummy"), link("d9", "dummy")]]
""")

    errno, text, words, _ = told["words"]
    assert (ERANGE, "8021q: Invalid VLAN id") == (errno, words)
    assert "RTM_NEWLINK: ERANGE (Numerical result out of range), 8021q: Invalid VLAN id" == text
    assert "IFLA_MTU" == told["place"][3]
    assert told["full"] > told["capped"] == 16
    assert [ERANGE, "RTM_NEWLINK: ERANGE (Numerical result out of range)", "", None] == told["without"]
    assert [EEXIST, None] == [one and one[0] for one in told["paired"]]


def test_receiving_goes_on_behind_an_overrun(guest: Any) -> None:
    """200 links for a socket with room for a few: it is told what was lost, by the kernel's own count, and hears on."""
    told = guest("""
sock = NetlinkSocket("route", groups=["link"], buffer=4096, timeout=1)
other = NetlinkSocket("route", groups=["link"], buffer=4096, timeout=1)
sh("seq -f 'link add x%g type dummy' 200 | ip -batch -")
told["first"] = refused(sock.recv)
told["drops"] = sock.drops
heard = [frame for frame in sock]
told["heard"] = len(heard)
sh("ip link add last type dummy")
told["then"] = sock.recv()[IFLA.IFNAME].value
told["dump"] = len(sock.dump(nlmsghdr(nlmsg_type="RTM_GETLINK") / ifinfomsg(), walked=True))

sniffed = sniff(opened_socket=other, timeout=1)
told["sniffed"] = [frame[nlmsghdr].summary() for frame in sniffed if frame[nlmsghdr].nlmsg_type == 4]
told["alive"] = other.ins.fileno() >= 0

quiet = NetlinkSocket("route", groups=["link"], buffer=4096, timeout=1, no_enobufs=True)
sh("seq -f 'link set x%g mtu 1400' 200 | ip -batch -")
told["quiet"] = refused(lambda: [frame for frame in quiet])
""")

    assert told["first"][1].startswith("the kernel dropped NETLINK_ROUTE messages for want of room")
    assert f"{told['drops']} so far" in told["first"][1] and "recv() goes on" in told["first"][1]
    assert 0 < told["heard"] < 200 and told["drops"] >= 200 - told["heard"]
    assert ("last", 202) == (told["then"], told["dump"])
    assert ["NLMSG_OVERRUN"] == told["sniffed"] and told["alive"]
    assert told["quiet"] is None


@needs_libpcap
def test_user_to_user_and_to_a_group_as_nlmon_shows_it(guest: Any) -> None:
    """Port 100 writes to another port and to group 3; both receive it, and nlmon has a copy for each."""
    told = guest("""
sh("ip link add nlmon0 type nlmon && ip link set nlmon0 up")
monitor = NlmonSocket("nlmon0", filter="link[14:2] == 2")
first, second = NetlinkSocket("usersock", 100), NetlinkSocket("usersock")
listener = NetlinkSocket("usersock", groups=[3])
first.send(nlmsghdr(nlmsg_type=0x20, nlmsg_pid=100) / "Hello you!", port=second.port)
first.send(nlmsghdr(nlmsg_type=0x21, nlmsg_pid=100) / "Hello all of group 3!", group=3)
got, heard = second.recv(timeout=5), listener.recv(timeout=5)
told["got"] = [got[Raw].load.decode(), got.source.summary(), got.group]
told["heard"] = [heard[Raw].load.decode(), heard.source.summary(), heard.group]
told["own"] = listener.address.summary().partition(", ")[2]
frames = [monitor.recv(timeout=10) for _ in range(2)]
told["seen"] = [[one.sprintf("%sll_protocol%"), one[Raw].load.decode(), one.sll_hatype] for one in frames]
told["nobody"] = refused(first.send, "x" * 20, group=4)
second.ins.bind((second.port, 5))
told["mask"] = refused(first.send, "x" * 20, group=5)
""")

    assert ["Hello you!", "port 100", 0] == told["got"]
    assert ["Hello all of group 3!", "port 100, groups 3", 3] == told["heard"]
    assert "groups 3" == told["own"]
    assert [["NETLINK_USERSOCK", "Hello you!", 824], ["NETLINK_USERSOCK", "Hello all of group 3!", 824]] == told["seen"]
    assert (ESRCH, True) == (told["nobody"][0], "netlink_broadcast" in told["nobody"][1])
    assert "has nl_groups=5, which is 0x5 (groups 1, 3): use 0x10" in told["mask"][1]


@needs_libpcap
def test_sniff_on_an_nlmon_device(guest: Any) -> None:
    """Scapy's own way: the cooked header is there, generic families have names, what is outgoing is not dropped."""
    told = guest("""
told["none"] = refused(NlmonSocket)
sh("ip link add nlmon0 type nlmon && ip link set nlmon0 up")
told["other"], told["absent"] = refused(NlmonSocket, "lo"), refused(NlmonSocket, "xx")
told["header"] = refused(NlmonSocket, filter="link[2:2] == 824")
told["words"] = refused(NlmonSocket, filter="tcp port 80")
told["sends"] = refused(NlmonSocket().send, b"")

started = threading.Event()
sniffer = AsyncSniffer(iface="nlmon0", count=4, started_callback=started.set)
sniffer.start()
started.wait(20)
sh("ip link add d0 type dummy")
NetlinkSocket("generic").families.id("nlctrl")
sniffer.join(20)
told["frames"] = [
    [one.sprintf("%sll_pkttype%"), one.sll_hatype, one[nlmsghdr].summary(), one.sniffed_on] for one in sniffer.results
]
told["late"] = max(abs(float(one.time) - time.time()) for one in sniffer.results)

short = NlmonSocket(filter="link[14:2] == 0 and len > 60 and link[20] == 16")
sh("ip link show d0; ip link set d0 mtu 1400")
told["filtered"] = [frame[nlmsghdr].type_name for frame in (short.recv(timeout=10) for _ in range(2))]
told["count"] = short.statistics[1]
""")

    assert "no nlmon device here; as root, `ip link add nlmon0 type nlmon" in told["none"][1]
    assert (ENODEV, "lo is no nlmon device; `ip link add nlmon0 type nlmon` makes one") == tuple(told["other"][:2])
    assert "no device xx here" == told["absent"][1]
    assert "asks bytes 2 to 3 of the header, which a live socket lacks" in told["header"][1]
    assert "no filter: 'tcp port 80'" in told["words"][1]
    assert EPERM == told["sends"][0]
    assert {("PACKET_OUTGOING", 824, "nlmon0")} == {(kind, hatype, name) for kind, hatype, _, name in told["frames"]}
    lines = [line for _, _, line, _ in told["frames"]]
    assert "RTM_NEWLINK d0 dummy" in lines
    assert any(line.startswith("NLMSG_ERROR ack for RTM_NEWLINK") for line in lines)
    assert any(line.startswith("CTRL_CMD_GETFAMILY nlctrl") for line in lines)
    assert told["late"] < 60
    assert {"RTM_NEWLINK"} == set(told["filtered"])
    assert 0 == told["count"]


def test_other_namespaces_are_heard_with_their_number(guest: Any) -> None:
    told = guest("""
sh("ip netns add other && ip netns set other 7")
sock = NetlinkSocket("route", groups=["link"], all_nsid=True, timeout=5)
sh("ip -n other link add far type dummy; ip link add near type dummy")
told["heard"] = [[frame[IFLA.IFNAME].value, frame.nsid] for frame in (sock.recv(), sock.recv())]
""")

    assert [["far", 7], ["near", None]] == told["heard"]


def test_generic_groups_and_ethtool(guest: Any) -> None:
    told = guest("""
sh("ip link add left type veth peer name right")
sock = NetlinkSocket("generic", groups=["ethtool/monitor"], timeout=5)
told["group"] = sock.groups == [sock.families.groups("ethtool")["monitor"]]
told["joined"] = sock.groups == NetlinkSocket("generic", groups=["generic/ethtool/monitor"]).groups
where = ETHTOOL_A_LINKMODES.HEADER([ETHTOOL_A_HEADER.DEV_NAME("left")])
answer = sock.sr1(sock.genl("ethtool", "LINKMODES_GET", [where]))
told["speed"], told["line"] = answer[ETHTOOL_A_LINKMODES.SPEED].value, answer.summary()
told["no group"] = refused(sock.join, "ethtool/nosuch")
nosuch = ETHTOOL_A_LINKMODES.HEADER([ETHTOOL_A_HEADER.DEV_NAME("nosuch")])
told["refused"] = refused(sock.sr1, sock.genl("ethtool", "ETHTOOL_MSG_LINKMODES_GET", [nosuch]))
told["all"] = len(sock.dump(sock.genl("ethtool", "LINKSTATE_GET")))
""")

    assert told["group"] and told["joined"]
    assert 10000 == told["speed"]
    assert told["line"].startswith("ETHTOOL_MSG_LINKMODES_GET_REPLY left")
    assert 'family "ethtool" has no group "nosuch"; it has monitor' == told["no group"][1]
    errno, text, words, attribute = told["refused"]
    assert (ENODEV, "no device matches name") == (errno, words)
    assert "ETHTOOL_A_LINKMODES_HEADER.ETHTOOL_A_HEADER_DEV_NAME" == attribute
    assert text.startswith("ETHTOOL_MSG_LINKMODES_GET: ENODEV (No such device), no device matches name, at ETHTOOL_A_")
    assert told["all"] >= 2


def test_without_privileges(guest: Any) -> None:
    """As nobody: what is refused says what is missing."""
    told = guest("""
sh("ip link add nlmon0 type nlmon && ip link set nlmon0 up")
out, into = os.pipe()
if os.fork() == 0:
    os.setgid(65534); os.setuid(65534)
    results = {
        "audit": refused(NetlinkSocket, "audit", groups=["readlog"]),
        "usersock": refused(NetlinkSocket, "usersock", groups=[3]),
        "link": refused(NetlinkSocket("route").sr1, link("d0", "dummy")),
        "port": refused(NetlinkSocket("route").send, nlmsghdr() / "x", port=5),
        "nlmon": refused(NlmonSocket, "nlmon0"),
        "nsid": refused(NetlinkSocket, "route", all_nsid=True),
        "links": len(NetlinkSocket("route", groups=["link"]).dump(nlmsghdr(nlmsg_type="RTM_GETLINK") / ifinfomsg())),
    }
    os.write(into, json.dumps(results).encode())
    os._exit(0)
os.close(into)
told = json.load(os.fdopen(out))
""")

    assert "listening to audit/readlog needs privileges (CAP_NET_ADMIN; audit: CAP_AUDIT_READ)" == told["audit"][1]
    assert "listening to usersock/3 needs privileges" in told["usersock"][1]
    assert [EPERM, "RTM_NEWLINK: EPERM (Operation not permitted)"] == told["link"][:2]
    assert "sending to port 5 of NETLINK_ROUTE needs CAP_NET_ADMIN; run as root" == told["port"][1]
    assert "reading an nlmon device needs CAP_NET_RAW; run as root" == told["nlmon"][1]
    assert "NETLINK_LISTEN_ALL_NSID needs CAP_NET_BROADCAST; run as root" == told["nsid"][1]
    assert told["links"] >= 2


def test_a_capture_is_replayed(guest: Any) -> None:
    """The requests of errors.pcap in a namespace prepared as its topic says: refused is what was refused then."""
    told = guest(
        """
for command in Path(f"{captures}/topics/errors.sh").read_text().partition("\\ncapture")[0].splitlines():
    sh(command)
fake = FakeKernel(f"{captures}/errors.pcap")
then = [one.answers[-1][-1].data for one in fake.playback.recorded]
told["then"] = [int.from_bytes(one[16:20], "little", signed=True) if one[4] == 2 else 0 for one in then]
sock = NetlinkSocket("route")
told["now"] = [-one.error.errno if one.error else 0 for request in fake.requests for one in sock.ask(request)]
""".replace("{captures}", str(CAPTURES))
    )

    assert any(told["then"]) and told["then"] == told["now"]
