"""ipset on real bytes: one prefix, three sets of numbers, told apart by the command."""

from __future__ import annotations

from typing import Any

from nldissect.families.netfilter.ipset import IPSET_ATTR, IPSET_ATTR_IPADDR, IPSET_CREATE, IPSET_DATA, ipset_adt
from nldissect.render.summaries.summary import summary_of
from nldissect.wire import NETLINK_NETFILTER, NLM_F, DecodedMessage, nlmon, nlmsghdr, walk
from nldissect.wire.attr_set import split_attrs
from nldissect.wire.protocol import flag_names
from tests.helpers.captures import messages, plain, replies, requests, undecoded, value

CAPTURE = "ipset.pcap"
NLA_F_NESTED, NLA_F_NET_BYTEORDER = 0x8000, 0x4000


def attributes(message: DecodedMessage) -> dict[str, Any]:
    """The attributes behind the header."""
    found: dict[str, Any] = plain(message.layers[-1])["attrs"]
    return found


def line(message: DecodedMessage) -> str:
    """The summary."""
    return summary_of(message)


def listed(name: str) -> dict[str, Any]:
    """What `ipset list` was told about one set."""
    return attributes(replies(CAPTURE, "IPSET_CMD_LIST", IPSET_ATTR_SETNAME=name)[0])


def members(name: str) -> list[dict[str, Any]]:
    """Its elements."""
    found: list[dict[str, Any]] = listed(name)["IPSET_ATTR_ADT"]["IPSET_ATTR_DATA"]
    return found


def test_nothing_is_left_undecoded() -> None:
    assert undecoded(CAPTURE) == []


def test_create() -> None:
    """ipset create hosts hash:ip timeout 300 counters comment skbinfo hashsize 64 maxelem 1000"""
    asked = requests(CAPTURE, "IPSET_CMD_CREATE", IPSET_ATTR_SETNAME="hosts")[0]

    assert {
        "IPSET_ATTR_PROTOCOL": 7,
        "IPSET_ATTR_SETNAME": "hosts",
        "IPSET_ATTR_TYPENAME": "hash:ip",
        "IPSET_ATTR_REVISION": 6,
        "IPSET_ATTR_FAMILY": "NFPROTO_IPV4",
        "IPSET_ATTR_DATA": {
            "IPSET_ATTR_HASHSIZE": 64,
            "IPSET_ATTR_MAXELEM": 1000,
            "IPSET_ATTR_TIMEOUT": 300,
            "IPSET_ATTR_CADT_FLAGS": [
                "IPSET_FLAG_WITH_COUNTERS", "IPSET_FLAG_WITH_COMMENT", "IPSET_FLAG_WITH_SKBINFO"
            ],
        },
    } == attributes(asked)  # fmt: skip
    assert "hosts hash:ip revision 6 ipv4 hashsize 64 maxelem 1000 timeout 300 s" == line(asked)


def test_add_with_everything() -> None:
    """ipset add hosts 192.0.2.1 timeout 60 packets 3 bytes 400 comment "the first" skbmark 0x10/0xff ..."""
    asked = requests(CAPTURE, "IPSET_CMD_ADD", IPSET_ATTR_SETNAME="hosts")[0]
    element = value(asked, "IPSET_ATTR_DATA")

    assert {
        "IPSET_ATTR_IP": {"IPSET_ATTR_IPADDR_IPV4": "192.0.2.1"},
        "IPSET_ATTR_TIMEOUT": 60,
        "IPSET_ATTR_PACKETS": 3,
        "IPSET_ATTR_BYTES": 400,
        "IPSET_ATTR_COMMENT": "the first",
        "IPSET_ATTR_SKBMARK": {"skbmark": 0x10, "skbmarkmask": 0xFF},
        "IPSET_ATTR_SKBPRIO": 0x0001_0010,
        "IPSET_ATTR_SKBQUEUE": 5,
        "IPSET_ATTR_LINENO": 0,
    } == element
    assert (
        "hosts 192.0.2.1 skbmark 0x10/0xff skbprio 1:10 skbqueue 5 timeout 60 s comment the first [flags]"
        == line(asked) + " [flags]"
    )


def test_same_number_other_meaning() -> None:
    """Number 17 of IPSET_ATTR_DATA is INITVAL in a set's description and ETHER in an element; 24 ELEMENTS and BYTES."""
    assert (17, 17) == (IPSET_CREATE.INITVAL.number, IPSET_DATA.ETHER.number)
    assert (24, 24) == (IPSET_CREATE.ELEMENTS.number, IPSET_DATA.BYTES.number)

    element = value(requests(CAPTURE, "IPSET_CMD_ADD", IPSET_ATTR_SETNAME="macs")[0], "IPSET_ATTR_DATA")
    assert "02:00:00:00:00:01" == element["IPSET_ATTR_ETHER"]
    described = listed("hosts")["IPSET_ATTR_DATA"]
    assert 5 == described["IPSET_ATTR_ELEMENTS"]
    assert isinstance(described["IPSET_ATTR_INITVAL"], int)


def test_list() -> None:
    """ipset list: "Type: hash:ip ... Size in memory: 954, References: 1, Number of entries: 5, Members: ..." """
    hosts = listed("hosts")

    assert ("hash:ip", 6, 0) == tuple(
        hosts[name] for name in ("IPSET_ATTR_TYPENAME", "IPSET_ATTR_REVISION", "IPSET_ATTR_INDEX")
    )
    assert {
        "IPSET_ATTR_HASHSIZE": 64,
        "IPSET_ATTR_MAXELEM": 1000,
        "IPSET_ATTR_TIMEOUT": 300,
        "IPSET_ATTR_BUCKETSIZE": 12,
        "IPSET_ATTR_MEMSIZE": 954,
        "IPSET_ATTR_REFERENCES": 1,
        "IPSET_ATTR_ELEMENTS": 5,
    }.items() <= hosts["IPSET_ATTR_DATA"].items()
    assert {"192.0.2.1", "192.0.2.8", "192.0.2.9", "192.0.2.10", "192.0.2.11"} == {
        one["IPSET_ATTR_IP"]["IPSET_ATTR_IPADDR_IPV4"] for one in members("hosts")
    }
    first = next(one for one in members("hosts") if "IPSET_ATTR_COMMENT" in one)
    assert (3, 400, "the first", 5) == tuple(
        first["IPSET_ATTR_" + name] for name in ("PACKETS", "BYTES", "COMMENT", "SKBQUEUE")
    )


def test_list_of_other_types() -> None:
    """2001:db8::/32,tcp:443 · 2001:db8:1::/48,ipv6-icmp:echo-request nomatch · 1080 ... 1085 · 10.0.0.0/8,eth0"""
    plainly, refused = members("nets")

    assert {
        "IPSET_ATTR_IP": {"IPSET_ATTR_IPADDR_IPV6": "2001:db8::"},
        "IPSET_ATTR_CIDR": 32,
        "IPSET_ATTR_PROTO": "IPPROTO_TCP",
        "IPSET_ATTR_PORT": 443,
    } == plainly
    assert ("IPPROTO_ICMPV6", 128 << 8) == (refused["IPSET_ATTR_PROTO"], refused["IPSET_ATTR_PORT"])
    assert ["IPSET_FLAG_NOMATCH"] == refused["IPSET_ATTR_CADT_FLAGS"]
    assert list(range(1080, 1086)) == [one["IPSET_ATTR_PORT"] for one in members("ports")]
    assert (1000, 2000) == tuple(listed("ports")["IPSET_ATTR_DATA"]["IPSET_ATTR_" + end] for end in ("PORT", "PORT_TO"))
    assert {
        "IPSET_ATTR_IP": {"IPSET_ATTR_IPADDR_IPV4": "10.0.0.0"},
        "IPSET_ATTR_CIDR": 8,
        "IPSET_ATTR_IFACE": "eth0",
    } == members("ifaces")[0]
    assert ["hosts", "ports"] == [one["IPSET_ATTR_NAME"] for one in members("all")]


def test_rename_and_swap_have_two_names() -> None:
    """ipset rename macs addresses: number 3 is SETNAME2 here, TYPENAME elsewhere."""
    (rename,) = requests(CAPTURE, "IPSET_CMD_RENAME")

    assert ("macs", "addresses") == (value(rename, "IPSET_ATTR_SETNAME"), value(rename, "IPSET_ATTR_SETNAME2"))
    assert value(rename, "IPSET_ATTR_TYPENAME") is None
    assert ["other ports", "other hosts"] == [line(one) for one in requests(CAPTURE, "IPSET_CMD_SWAP")]


def test_restore_adds_many_at_once() -> None:
    """printf 'create batch hash:ip\\nadd batch 10.0.0.1 ...' | ipset restore: elements with their line numbers."""
    (asked,) = requests(CAPTURE, "IPSET_CMD_ADD", IPSET_ATTR_SETNAME="batch")
    elements = attributes(asked)["IPSET_ATTR_ADT"]["IPSET_ATTR_DATA"]

    assert [("10.0.0.1", 2), ("10.0.0.2", 3), ("10.0.0.3", 4)] == [
        (one["IPSET_ATTR_IP"]["IPSET_ATTR_IPADDR_IPV4"], one["IPSET_ATTR_LINENO"]) for one in elements
    ]


def test_names_only() -> None:
    """ipset list -n: hosts nets ports macs ifaces all"""
    (asked,) = (one for one in requests(CAPTURE, "IPSET_CMD_LIST") if value(one, "IPSET_ATTR_FLAGS"))

    assert ["IPSET_FLAG_LIST_SETNAME"] == value(asked, "IPSET_ATTR_FLAGS")
    told = [attributes(one) for one in replies(CAPTURE, "IPSET_CMD_LIST")]
    names = [one["IPSET_ATTR_SETNAME"] for one in told if "IPSET_ATTR_TYPENAME" not in one]
    assert ["hosts", "nets", "ports", "macs", "ifaces", "all"] == names


def test_protocol_and_types() -> None:
    """ipset asks for the protocol version before everything: 7, the kernel still speaks 6."""
    told = attributes(replies(CAPTURE, "IPSET_CMD_PROTOCOL")[0])
    kind = attributes(replies(CAPTURE, "IPSET_CMD_TYPE", IPSET_ATTR_TYPENAME="hash:ip")[0])

    assert {"IPSET_ATTR_PROTOCOL": 7, "IPSET_ATTR_PROTOCOL_MIN": 6} == told
    assert (6, 0) == (kind["IPSET_ATTR_REVISION"], kind["IPSET_ATTR_REVISION_MIN"])


def test_mask_is_in_host_order_in_answers_only() -> None:
    """IPSET_ATTR_MARKMASK 0xff00: nla_put_u32 in ip_set_hash_gen.h, ntohl(nla_get_be32()) where it is read."""
    row = IPSET_CREATE.MARKMASK

    assert 0xFF00 == row.resolve({"nlmsg_type": 0x602}).decoder("<")(bytes.fromhex("0000ff00"), 0, 4)
    assert 0xFF00 == row.resolve({"nlmsg_type": 0x607}).decoder("<")(bytes.fromhex("00ff0000"), 0, 4)


def test_build_as_ipset_does() -> None:
    """ipset add hosts 192.0.2.8/30, from rows alone; ipset marks network order in nla_type, which is set by hand."""
    asked = requests(CAPTURE, "IPSET_CMD_ADD", IPSET_ATTR_SETNAME="hosts")[1]
    net = NLA_F_NET_BYTEORDER

    built = ipset_adt(nfgen_family="IPV4", attrs=[
        IPSET_ATTR.PROTOCOL(7),
        IPSET_ATTR.SETNAME("hosts"),
        IPSET_ATTR.DATA([
            IPSET_DATA.IP([IPSET_ATTR_IPADDR.IPV4("192.0.2.8", nla_type=1 | net)]),
            IPSET_DATA.CIDR(30),
            IPSET_DATA.LINENO(0, nla_type=9 | net),
        ], nla_type=7 | NLA_F_NESTED),
    ])  # fmt: skip

    assert asked.data[asked.start + 16 : asked.start + asked.length] == bytes(built)


def test_flags_of_attribute_types() -> None:
    """ipset says in nla_type what is nested and what is in network order."""
    asked = requests(CAPTURE, "IPSET_CMD_ADD", IPSET_ATTR_SETNAME="hosts")[0]
    node = asked.find("IPSET_ATTR_DATA")
    assert node is not None

    flags = {
        kind & 0x3FFF: kind & ~0x3FFF for kind, *_ in split_attrs(asked.data, node.start, node.end, asked.order)[0]
    }
    assert NLA_F_NESTED == flags[1]
    assert NLA_F_NET_BYTEORDER == flags[6]


def test_unknown_element_number_is_kept() -> None:
    """Number 31 of an element, of some later kernel."""
    message = nlmsghdr(nlmsg_type="IPSET_CMD_ADD", nlmsg_flags="REQUEST") / ipset_adt(
        attrs=[IPSET_ATTR.DATA(value=b"\x08\x00\x1f\x00\x01\x02\x03\x04")]
    )
    raw = bytes(nlmon(sll_pkttype=4, sll_hatype=824, sll_protocol=NETLINK_NETFILTER, messages=[message]))
    (one,) = walk(raw).messages

    assert one.flags == NLM_F.REQUEST
    assert {"31": {"undecoded": "01020304"}} == value(one, "IPSET_ATTR_DATA")
    assert ["IPSET_ATTR has no attribute 31"] == [note.text for note in one.notes]
    assert messages(CAPTURE)


def test_errors_of_its_own_have_names() -> None:
    """ipset swap: "Sets cannot be swapped: their type does not match"; ipset destroy of a set in use."""
    refused = {value(one, "nlmsgerr.error"): one for one in messages(CAPTURE, "NLMSG_ERROR")}

    assert {"IPSET_ERR_EXIST", "IPSET_ERR_TYPE_MISMATCH", "IPSET_ERR_BUSY"} < set(refused)
    assert line(refused["IPSET_ERR_BUSY"]).startswith("IPSET_ERR_BUSY for IPSET_CMD_DESTROY")


def test_what_has_to_be_there() -> None:
    """To ipset NLM_F_EXCL is that deleting what is not there fails, which for others is NLM_F_BULK."""
    (asked,) = requests(CAPTURE, "IPSET_CMD_DEL")[:1]
    assert 0x205 == asked.flags
    assert ["NLM_F_REQUEST", "NLM_F_ACK", "NLM_F_EXCL"] == flag_names(asked.type_name, asked.flags, asked.number)
