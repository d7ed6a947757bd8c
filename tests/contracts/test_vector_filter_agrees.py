"""Filters on columns hold for the very messages for which they hold one by one: captures, mutants, tiny windows.

The filters on single messages are held against a plain evaluation in tests/filters/test_random_filters.py.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from nldissect.columns.block_reader import BlockReader
from nldissect.columns.fields.derived import MessageContext
from nldissect.filters import Filter, compile_filter
from nldissect.filters.vector_evaluator import VectorFilter
from nldissect.render.columnar.fields_renderer import FieldsRenderer
from nldissect.render.field_cells import cell_format
from nldissect.render.field_rows import Extractor
from nldissect.stream.frames import FrameStream
from nldissect.stream.message_contexts import MessageContextBuilder
from tests.helpers import paths, plain_filter
from tests.helpers.filter_trees import trees
from tests.helpers.messages import write
from tests.helpers.mutants import EXAMPLES, QUICK, mutants

CAPTURES = sorted(paths.CAPTURES.glob("*.pcap"))
FILTERS = r"""
genlmsghdr.family[0:2] == "nl"
IFLA_MTU > 1400
IFLA_MTU != 1500
not (IFLA_IFNAME == "lo")
IFLA_IFNAME contains "e" and IFLA_IFNAME matches "^ETH|\d$"
IFLA_ADDRESS[0:2] == 02:00
IFLA_INFO_KIND in {"vlan", "vxlan"} or IFLA_LINKINFO.IFLA_INFO_KIND == "dummy"
IFLA_STATS64.rx_packets == 0
ifi_flags & IFF_UP
ifi_flags == IFF_UP
RTA_DST in 10.0.0.0/8
RTA_DST == 10.0.0.0/8
rtm_dst_len in {8..24}
RTA_OIF
nlmsg_type == RTM_NEWLINK
nlmsg_type in {RTM_NEWROUTE, 20}
nlmsg_flags & NLM_F_DUMP
nlmsg_flags & NLM_F_CREATE
nlmsg_flags == NLM_F_REQUEST
nlmsg_pid == 0 and nlmsg_seq != 0
nlmsg_pid == nlmsg_seq
error
error == EINVAL
error != EINVAL
nlmsgerr.error == 0
extack contains "n"
notes
notes contains "repeats"
frame.number > 3 and frame.len < 200
frame.time_relative > 10ms
frame.interface
message.number > 1
direction == "to kernel"
direction contains "user"
protocol == NETLINK_ROUTE
sll_pkttype == 4
genlmsghdr.family == "ethtool"
genlmsghdr.family != "nlctrl"
family
genlmsghdr.cmd == ETHTOOL_MSG_STRSET_GET_REPLY
genlmsghdr.cmd > 2
NFTA_META_KEY
CTA_IP_V4_SRC
ACTION == "add"
uevent
IFLA_INET6_FLAGS & 0x80000000
""".strip().splitlines()


def met(path: Path) -> list[MessageContext]:
    """The messages of a capture, walked one after another."""
    situations, found = MessageContextBuilder(), []
    for seen in FrameStream(str(path)).frames():
        situations.meet(seen)
        found += [one for one in situations.of(seen) if one.walked is not None]
    return found


shipped = cache(met)
"""Of a file that stays as it is: many filters look at the messages of one walk."""


def one_by_one(wanted: Filter, messages: list[MessageContext]) -> list[bool]:
    return [wanted.holds(one) for one in messages]


def together(wanted: Filter, path: Path, window: int = 8192) -> list[bool]:
    source, columns, found = BlockReader(str(path), window=window), VectorFilter(wanted.tree), []
    for block in source.blocks():
        found += columns.mask(block, source.first).tolist()
    return found


@pytest.mark.parametrize("path", CAPTURES, ids=lambda path: path.stem)
def test_filters_on_every_capture(path: Path) -> None:
    wanted = [compile_filter(text) for text in FILTERS]
    source, found = BlockReader(str(path), window=8192), [list[bool]() for _ in FILTERS]
    columns = [VectorFilter(one.tree) for one in wanted]
    for block in source.blocks():
        for held, column in zip(found, columns, strict=True):
            held += column.mask(block, source.first).tolist()
    for text, one, held in zip(FILTERS, wanted, found, strict=True):
        assert one_by_one(one, shipped(path)) == held, text


def test_nearly_each_filter_holds_somewhere() -> None:
    never = {"frame.interface", "IFLA_INET6_FLAGS & 0x80000000", 'notes contains "repeats"'}
    wanted = [compile_filter(text) for text in FILTERS if text not in never]
    assert [] == [one.text for one in wanted if not any(any(one_by_one(one, shipped(path))) for path in CAPTURES)]


@pytest.mark.parametrize(
    "name", ["tour.pcap", "errors.pcap", "ethtool.pcap", "nft_bridge.pcap", "sock_diag.pcap", "uevent.pcap"]
)
def test_random_filters(name: str) -> None:
    path = next(path for path in CAPTURES if path.name == name)

    @settings(QUICK, max_examples=max(EXAMPLES // 10, 10))
    @given(trees(name))
    def agree(tree: tuple[object, ...]) -> None:
        wanted = compile_filter(plain_filter.text(tree))
        assert one_by_one(wanted, shipped(path)) == together(wanted, path)

    agree()


FIELDS = [
    "frame.number", "frame.time", "direction", "protocol", "nlmsg_type", "nlmsg_flags", "IFLA_MTU", "IFLA_IFNAME",
    "IFLA_LINKINFO", "ifi_flags", "IFLA_ADDRESS", "RTA_DST", "error", "extack", "notes", "genlmsghdr.cmd", "family",
    "IFLA_STATS64.rx_packets", "NFTA_META_KEY", "NFTA_DATA_VALUE", "CTRL_ATTR_FAMILY_NAME", "ACTION", "IFA_ADDRESS",
    "IFLA_VLAN_FLAGS.flags", "TCA_KIND", "CTA_STATUS", "frame.comment", "IFLA_AF_SPEC",
]  # fmt: skip


@QUICK
@given(st.lists(mutants(), min_size=1, max_size=8), st.lists(st.sampled_from(FILTERS), min_size=2, max_size=2))
def test_mutants(tmp_path_factory: pytest.TempPathFactory, frames: list[bytes], texts: list[str]) -> None:
    path = write(tmp_path_factory.getbasetemp() / "mutants.pcap", *frames)
    messages = met(path)
    for text in (*texts, " or ".join(texts), f"not ({texts[0]}) and {texts[1]}"):
        wanted = compile_filter(text)
        assert one_by_one(wanted, messages) == together(wanted, path), text
    assert printed_one_by_one(path) == printed_together(path)


def extractor() -> Extractor:
    return Extractor(FIELDS, cell_format("fields", []))


def printed_one_by_one(path: Path) -> list[str]:
    situations, found, extract = MessageContextBuilder(), [], extractor()
    for seen in FrameStream(str(path)).frames():
        situations.meet(seen)
        found += [extract.line(one).removesuffix("\n") for one in situations.of(seen) if one.walked is not None]
    return found


def printed_together(path: Path) -> list[str]:
    source, rows = BlockReader(str(path), window=8192), FieldsRenderer(extractor())
    return [line for block in source.blocks() for line in rows.lines(block, None, source.first)]


@pytest.mark.parametrize("path", CAPTURES, ids=lambda path: path.stem)
def test_the_same_cells(path: Path) -> None:
    assert printed_one_by_one(path) == printed_together(path)
