"""Names in filters: what constants and paths bring with them, derived columns, the catalogue, what gets loaded."""

from __future__ import annotations

import struct
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from nldissect.columns.fields import derived
from nldissect.columns.fields.catalog import catalogue, entries, field_locations
from nldissect.columns.fields.derived import MessageContext
from nldissect.errors import FilterError
from nldissect.families import HOMES, load_all
from nldissect.filters import compile_filter
from nldissect.filters.resolve import Compare, Pair
from nldissect.wire import NETLINK, U32, Context, Text
from nldissect.wire.packets.bindings import COMMANDS, MESSAGES
from tests.helpers.imports import loaded_by
from tests.helpers.message_rows import made, matching, situations, those
from tests.helpers.messages import ACK, GENERIC, REQUEST, ROUTE, attribute, error, frame, link, message

IFLA_ADDRESS, IFLA_IFNAME, IFLA_MTU, IFLA_LINK, IFLA_LINKINFO = 1, 3, 4, 5, 18


def u32(number: int) -> bytes:
    return struct.pack("<I", number)


def named(index: int, name: str, *more: bytes) -> bytes:
    return frame(ROUTE, link(index, attribute(IFLA_IFNAME, name.encode() + b"\0"), *more))


def mtu(*values: int) -> bytes:
    return frame(ROUTE, link(1, *(attribute(IFLA_MTU, u32(value)) for value in values)))


def test_a_type_brings_its_protocol() -> None:
    """20 is RTM_NEWADDR, and SOCK_DIAG_BY_FAMILY elsewhere."""
    found = made(frame(ROUTE, message(20, bytes(8))), frame(4, message(20, bytes(72))))
    assert [1] == those(found, "nlmsg_type == RTM_NEWADDR") and [2] == those(found, "nlmsg_type != RTM_NEWADDR")
    assert (
        [2] == those(found, "nlmsg_type == SOCK_DIAG_BY_FAMILY") == those(found, "nlmsg_type in {SOCK_DIAG_BY_FAMILY}")
    )
    assert (
        [1, 2] == those(found, "nlmsg_type == 20") == those(found, "nlmsg_type in {RTM_NEWADDR, SOCK_DIAG_BY_FAMILY}")
    )


def test_control_types_belong_to_every_protocol() -> None:
    request = message(16, bytes(16), REQUEST | ACK)
    found = made(frame(ROUTE, error(1, request)), frame(6, error(1, request)), frame(ROUTE, request))
    assert (
        [1, 2]
        == those(found, "nlmsg_type == NLMSG_ERROR")
        == those(found, "error == EPERM")
        == those(found, "error == 1")
    )


def test_a_command_brings_its_family_and_direction() -> None:
    """Command 1 of ethtool is STRSET_GET to the kernel and STRSET_GET_REPLY from it; other families have a 1 too."""
    context = Context("little")
    context.learn("genl", 0x20, "ethtool")
    context.learn("genl", 0x21, "other")
    body = bytes((1, 1, 0, 0))
    to, back = message(0x20, body, REQUEST), message(0x20, body, 0, 7, 9)
    found = made(*(frame(GENERIC, one) for one in (to, back, message(0x21, body, REQUEST))), context=context)
    assert [1] == those(found, "genlmsghdr.cmd == ETHTOOL_MSG_STRSET_GET")
    assert [2] == those(found, "genlmsghdr.cmd == ETHTOOL_MSG_STRSET_GET_REPLY")
    assert [2, 3] == those(found, "genlmsghdr.cmd != ETHTOOL_MSG_STRSET_GET")
    assert [1, 2, 3] == those(found, "genlmsghdr.cmd == 1") == those(found, "cmd == 1")


def test_a_message_flag_brings_its_verb() -> None:
    """0x100 is NLM_F_REPLACE in a NEW request, NLM_F_ROOT in a GET, NLM_F_CAPPED in an ack."""
    new, get = message(16, bytes(16), REQUEST | 0x100), message(18, bytes(16), REQUEST | 0x100)
    found = made(frame(ROUTE, new), frame(ROUTE, get), frame(ROUTE, error(0, new, capped=True)))
    assert [1] == those(found, "nlmsg_flags & NLM_F_REPLACE") and [2] == those(found, "nlmsg_flags & NLM_F_ROOT")
    assert [3] == those(found, "nlmsg_flags & NLM_F_CAPPED") and [1, 2, 3] == those(found, "nlmsg_flags & 0x100")
    assert [2] == those(found, "nlmsg_flags & NLM_F_DUMP") and [1, 2] == those(found, "nlmsg_flags & NLM_F_REQUEST")
    assert [1] == those(found, "nlmsg_flags == NLM_F_REQUEST|NLM_F_REPLACE") and [1, 2] == those(
        found, "nlmsg_flags == 0x101"
    )


def test_flags_take_several_names_and_numbers() -> None:
    found = made(*(frame(ROUTE, link(1, flags=0)[:24] + u32(flags) + bytes(4)) for flags in (0, 1, 0x41, 0x1003)))
    assert [2, 3, 4] == those(found, "ifi_flags & IFF_UP") and [3] == those(found, "ifi_flags == IFF_UP|IFF_RUNNING")
    assert [3, 4] == those(found, "ifi_flags & IFF_RUNNING|IFF_MULTICAST") == those(found, "ifi_flags & 0x1040")
    assert [1] == those(found, "ifi_flags == 0") and [2, 3] == those(found, "ifi_flags in {IFF_UP, 0x41}")


def test_short_names_of_constants() -> None:
    found = situations("link_notify.pcap")
    assert those(found, "ifi_flags & IFF_UP") == those(found, "ifi_flags & up")
    assert those(found, "nlmsg_type == RTM_DELLINK") == those(found, "nlmsg_type == DELLINK") != []
    assert those(found, "protocol == NETLINK_ROUTE") == those(found, "protocol == route") != []


def test_sets_and_ranges() -> None:
    found = made(mtu(1), mtu(5), mtu(9), mtu(0x10), mtu(1500))
    assert [1, 2, 3] == those(found, "IFLA_MTU in {1..9}") and [2, 4] == those(found, "IFLA_MTU in { 5 , 0x10 }")
    assert [1, 5] == those(found, "IFLA_MTU in {1, 1000..2000}") and [4, 5] == those(found, "not IFLA_MTU in {1..9}")


@pytest.mark.parametrize("operator", ["==", "!=", "<", "<=", ">", ">=", "&"])
def test_fields_compare_false_where_one_has_no_value(operator: str) -> None:
    found = made(frame(ROUTE, link(1)), mtu(1))
    assert 1 not in those(found, f"IFLA_MTU {operator} ifi_index") + those(found, f"ifi_index {operator} IFLA_MTU")


def test_a_field_is_compared_with_a_field_of_the_same_type() -> None:
    found = made(*(frame(ROUTE, link(2, attribute(IFLA_LINK, u32(other)))) for other in (1, 2, 3)), mtu(1))
    assert [2] == those(found, "IFLA_LINK == ifi_index") and [1, 3] == those(found, "IFLA_LINK != ifi_index")
    assert [1] == those(found, "IFLA_LINK < ifi_index") and [2, 3] == those(found, "ifi_index <= IFLA_LINK")
    assert [2, 3] == those(found, "IFLA_LINK & ifi_index")
    assert isinstance(compile_filter("IFLA_LINK == ifi_index").tree, Pair)
    assert matching("xfrm.pcap", "sel.saddr == saddr") != matching("xfrm.pcap", "sel.saddr != saddr")


def test_a_path_is_the_end_of_a_full_path() -> None:
    found = situations("link_dump.pcap")
    kinds = those(found, 'IFLA_INFO_KIND == "vlan"')
    assert kinds and kinds == those(found, 'IFLA_LINKINFO.IFLA_INFO_KIND == "vlan"')
    assert kinds == those(found, 'ifinfomsg.IFLA_LINKINFO.IFLA_INFO_KIND == "vlan"')
    assert len(those(found, "ifinfomsg")) == len(those(found, "ifinfomsg.ifi_index")) == len(those(found, "ifi_index"))
    assert those(found, "IFLA_STATS.rx_packets > 0") == those(found, "IFLA_STATS64.rx_packets > 0") != []


def test_elements_of_arrays_are_no_step() -> None:
    """RTA_MULTIPATH holds rtnexthops, and each of them attributes: those of 10.3.0.0/16 are two, listed again at 70."""
    gateway = "RTA_MULTIPATH.RTA_GATEWAY == 198.51.100.253"
    assert [20, 21, 70, 97] == matching("route.pcap", f"{gateway} and RTA_DST == 10.3.0.0/16")
    assert [20, 21] == matching("route.pcap", "rtnh_hops and RTA_DST == 10.3.0.0/16 and frame.number < 30")


def test_values_in_an_array_of_attributes_go_by_its_name() -> None:
    """ip link add bond3 type bond ... arp_ip_target 192.0.2.1,192.0.2.2"""
    by_path = matching("bond.pcap", "IFLA_INFO_DATA.IFLA_BOND_ARP_IP_TARGET == 192.0.2.2")
    assert by_path == matching("bond.pcap", "IFLA_BOND_ARP_IP_TARGET in 192.0.2.2/31") != []


def test_keys_of_a_uevent() -> None:
    found = situations("uevent.pcap")
    network = those(found, 'env.SUBSYSTEM == "net"')
    assert (
        network == those(found, 'uevent.env.subsystem == "net"') == those(found, 'env contains "SUBSYSTEM=net"') != []
    )
    assert (5, 7) == (len(network), len(those(found, "env.SUBSYSTEM")))


def test_aliases_of_attributes() -> None:
    """FRA_IFNAME is the older name of FRA_IIFNAME (linux/fib_rules.h)."""
    assert [8, 9] == matching("rule.pcap", 'FRA_IFNAME == "lo" and frame.number < 40')


def test_what_did_not_decode_is_absent() -> None:
    found = made(
        frame(ROUTE, link(1, attribute(IFLA_MTU, b"\1\2\3"))), frame(ROUTE, link(1, attribute(IFLA_MTU, u32(1))))
    )
    assert [2] == those(found, "IFLA_MTU") and [1] == those(found, 'notes contains "IFLA_MTU"')


def test_text_that_is_no_utf8_is_there_and_equals_nothing() -> None:
    found = made(frame(ROUTE, link(1, attribute(IFLA_IFNAME, b"\xff\xfe\0"))))
    assert [1] == those(found, "IFLA_IFNAME") and [] == those(found, 'IFLA_IFNAME != "x"')


def test_the_echoed_request_is_not_searched() -> None:
    request = link(1, attribute(IFLA_MTU, u32(70000)), flags=REQUEST | ACK)
    found = made(frame(ROUTE, request), frame(ROUTE, error(22, request)))
    assert [1] == those(found, "IFLA_MTU == 70000") and [2] == those(found, "nlmsgerr.request")


def test_secrets_are_asked_for_presence_only() -> None:
    assert [1, 2, 4, 5, 7, 8] == [one for one in matching("xfrm.pcap", "alg_key") if one < 10]
    with pytest.raises(FilterError, match="alg_key is secret"):
        compile_filter("alg_key contains aa")
    with pytest.raises(FilterError, match="alg_key is secret"):
        compile_filter("alg_key[0:1] == aa")
    with pytest.raises(FilterError):
        compile_filter("XFRMA_ALG_CRYPT.alg_key == XFRMA_ALG_AUTH_TRUNC.alg_key")


def test_columns_of_the_frame() -> None:
    found = made(mtu(1), frame(ROUTE, link(1), link(2)), b"\0\4\x03\x38" + bytes(12), comments=("one", "two"))
    assert [2, 3] == those(found, "frame.number == 2") and [3] == those(found, "message.number == 2")
    assert [1] == those(found, "frame.time_relative == 0ns") and [2, 3] == those(found, "frame.time_relative == 1ms")
    assert [2, 3, 4] == those(found, "frame.time_relative >= 1000us") and [4] == those(
        found, "frame.time > 1000000000.0015"
    )
    assert (
        [4]
        == those(found, "frame.len == 16")
        == those(found, "frame.cap_len < 20")
        == those(found, "not message.number")
    )
    assert [1, 2, 3, 4] == those(found, 'frame.interface == "nlmon0"') == those(found, 'frame.comment == "two"')
    assert [] == those(found, 'frame.comment != "two"') and [4] == those(found, "not nlmsg_type")
    assert [1, 2, 3, 4] == those(found, "sll_hatype == 824") == those(found, "sll_pkttype == 4")


def test_a_moment_may_be_a_date() -> None:
    seconds = int(datetime(2001, 9, 9, 1, 46, 40, tzinfo=UTC).timestamp())
    assert seconds == 1_000_000_000
    found = made(mtu(1), mtu(2))
    assert [2] == those(found, 'frame.time > "2001-09-09 01:46:40Z"')
    assert [1, 2] == those(found, 'frame.time >= "2001-09-09T03:46:40+02:00"')
    assert [1, 2] == those(found, f'frame.time >= "{datetime.fromtimestamp(seconds)}"')


def test_directions_and_notes() -> None:
    found = situations("link_notify.pcap")
    told = those(found, 'direction == "notification"')
    assert len(told) == 9 and told == those(
        found, "nlmsg_seq == 0 and nlmsg_pid == 0 and not nlmsg_flags & NLM_F_REQUEST"
    )
    assert those(found, 'direction == "to kernel"') == those(found, "nlmsg_flags & NLM_F_REQUEST")


def test_a_registered_column_is_a_field() -> None:
    @derived.derived_field("test.weight", U32(None), "for this test")
    def weight(situation: MessageContext) -> tuple[int, ...]:
        return (situation.place * 10, 7)

    derived.derived_field("test.label", Text(None), "for this test")(lambda situation: ())
    found = made(frame(ROUTE, link(1), link(2)))
    assert [2] == those(found, "test.weight == 20") and [1, 2] == those(found, "TEST.weight == 7")
    assert [] == those(found, 'test.label != ""') and {"test.weight"} <= {one.name for one in derived.all_derived()}
    del derived._fields["test.weight"], derived._fields["test.label"]


def test_a_module_of_columns_is_imported_when_one_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source = """
from nldissect.columns.fields.derived import derived_field
from nldissect.wire import U32
derived_field("weather.rain", U32(None), "for a test")(lambda situation: (3,))
"""
    (tmp_path / "weather_columns.py").write_text(source)
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setitem(derived.LAZY_FIELDS, "weather", "weather_columns")
    compile_filter("frame.number == 3 and IFLA_MTU")
    assert "weather_columns" not in sys.modules
    assert [1] == those(made(mtu(1)), "weather.rain == 3") and "weather_columns" in sys.modules
    del derived._fields["weather.rain"], sys.modules["weather_columns"]
    derived._imported.discard("weather")


def test_the_typed_tree_says_what_is_read() -> None:
    made_of = compile_filter("nlmsg_type == RTM_NEWLINK and (IFLA_MTU > 1500 or not IFLA_MTU) and frame.number < 9")
    assert ["nlmsg_type", "IFLA_MTU", "frame.number"] == [field.name for field in made_of.fields]
    assert made_of.text.startswith("nlmsg_type ==") and compile_filter("error").fields[0].derived is not None
    compare = compile_filter("IFLA_MTU != 1500").tree
    assert isinstance(compare, Compare) and compare.negated and compare.field.path == ("ifla_mtu",)


def test_every_name_of_the_catalogue_is_a_field_of_a_filter() -> None:
    names = [name for name in catalogue().spelt if name != "in"]
    assert len(names) > 4000
    for name in names:
        compile_filter(name)
        assert field_locations(name) or derived.derived(name)


def test_a_filter_on_headers_loads_no_more_families_than_it_must() -> None:
    def families(text: str) -> set[str]:
        code = f"import nldissect\nfrom nldissect.filters import compile_filter\ncompile_filter({text!r})"
        return {name for name in loaded_by(code) if name.startswith("nldissect.families.")}

    assert not {name for name in families("frame.number < 9 and nlmsg_type == 16 and direction") if "route" in name}
    assert not {name for name in families("nlmsg_flags & NLM_F_DUMP or protocol == NETLINK_XFRM") if "xfrm" in name}
    routes = families("nlmsg_type == RTM_NEWLINK")
    assert "nldissect.families.route" in routes and "nldissect.families.netfilter" not in routes
    assert "nldissect.families.xfrm" in families("nlmsg_type in {XFRM_MSG_NEWSA, XFRM_MSG_DELSA}")

    (named, *_) = (families(one) for one in ["IFLA_MTU > 1500 or RTA_DST in 10.0.0.0/8"])
    assert "nldissect.families.route.link" in named and "nldissect.families.generic.ethtool" not in named


def test_first_words_tell_where_names_are() -> None:
    """What HOMES promises: no other tables have a name that begins so. (Else a filter would miss some places.)"""
    load_all()
    homes = {word: set(units.split()) for units, words in HOMES.items() for word in words.split()}
    assert sum(len(words.split()) for words in HOMES.values()) == len(homes)

    def unit(module: str) -> str:
        first, *inner = module.removeprefix("nldissect.families.").split(".")
        return f"generic.{inner[0]}" if first == "generic" else first

    tables = [*MESSAGES.items(), *((family, table) for family, table in COMMANDS.items())]
    users = {
        (NETLINK.names.get(family, str(family)) if isinstance(family, int) else str(family)): {
            unit(owner.__module__)
            for bindings in table.values()
            for one in bindings
            for owner in (
                one.message,
                getattr(one.message.fields_desc[-1].kind, "inner", None) if one.message.fields_desc else None,
            )
            if owner is not None
        }
        for family, table in tables
        if family is not None
    }
    seen = set()
    for entry in entries():
        word = entry.name.lower().partition("_")[0]
        if entry.kind is not None and word in homes:
            seen.add(word)
            assert unit(entry.owner.__module__) in homes[word], entry
            assert users[entry.family] & homes[word], entry
    assert set(homes) == seen


def test_the_language_loads_no_numpy() -> None:
    loaded = loaded_by("from nldissect.filters import compile_filter; compile_filter('IFLA_MTU > 1')")
    assert "numpy" not in loaded and "nldissect.capfile.reader" not in loaded
