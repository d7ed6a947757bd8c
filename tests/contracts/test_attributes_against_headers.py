"""Every attribute constant of the kernel's headers has a row of that number, and every row a constant.

The headers are those of this machine (linux-libc-dev). An enum that ends in a maximum lists attributes unless the
tables know its members as something else: commands, types, states, flags.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pytest

from nldissect import families
from nldissect.analysis.stats.counts import CountedMessages
from nldissect.analysis.stats.coverage import KINDS, Coverage
from nldissect.columns.block_reader import BlockReader
from nldissect.commands.fields.listing import all_fields
from nldissect.commands.fields.summary import counts
from nldissect.wire import Enum, Kind
from nldissect.wire.attr_set import SETS
from nldissect.wire.packets.bindings import COMMANDS, MESSAGES
from tests.helpers.paths import CAPTURES

INCLUDE = Path("/usr/include")
KNOWN = 6, 12
"""The kernel whose headers the tables follow in full; what newer headers add is printed, not failed."""

HEADERS = """
linux/amt.h linux/batman_adv.h linux/can/gw.h linux/can/netlink.h linux/can/vxcan.h linux/cgroupstats.h
linux/cifs/cifs_netlink.h linux/cryptouser.h linux/dcbnl.h linux/devlink.h linux/dpll.h linux/ethtool_netlink.h
linux/fib_rules.h linux/fou.h linux/gen_stats.h linux/genetlink.h linux/gtp.h linux/handshake.h linux/hsr_netlink.h
linux/if_addr.h linux/if_addrlabel.h linux/if_bonding.h linux/if_bridge.h linux/if_link.h linux/if_macsec.h
linux/if_team.h linux/if_tunnel.h linux/ila.h linux/inet_diag.h linux/ioam6_genl.h linux/ioam6_iptunnel.h
linux/ip_vs.h linux/l2tp.h linux/lwtunnel.h linux/mpls.h linux/mpls_iptunnel.h linux/mptcp_pm.h linux/mroute.h
linux/mroute6.h linux/nbd-netlink.h linux/ncsi.h linux/neighbour.h linux/net_dropmon.h linux/net_namespace.h
linux/netconf.h linux/netdev.h linux/netfilter/ipset/ip_set.h linux/netfilter/nf_tables.h
linux/netfilter/nf_tables_compat.h linux/netfilter/nfnetlink.h linux/netfilter/nfnetlink_acct.h
linux/netfilter/nfnetlink_conntrack.h linux/netfilter/nfnetlink_cthelper.h linux/netfilter/nfnetlink_cttimeout.h
linux/netfilter/nfnetlink_hook.h linux/netfilter/nfnetlink_log.h linux/netfilter/nfnetlink_osf.h
linux/netfilter/nfnetlink_queue.h linux/netlink.h linux/netlink_diag.h linux/nexthop.h linux/nfc.h
linux/nfsd_netlink.h linux/nl80211.h linux/openvswitch.h linux/packet_diag.h linux/pkt_cls.h linux/pkt_sched.h
linux/psample.h linux/quota.h linux/rpl_iptunnel.h linux/rtnetlink.h linux/seg6_genl.h linux/seg6_iptunnel.h
linux/seg6_local.h linux/smc.h linux/smc_diag.h linux/sock_diag.h linux/target_core_user.h linux/taskstats.h
linux/tc_act/tc_bpf.h linux/tc_act/tc_connmark.h linux/tc_act/tc_csum.h linux/tc_act/tc_ct.h linux/tc_act/tc_ctinfo.h
linux/tc_act/tc_defact.h linux/tc_act/tc_gact.h linux/tc_act/tc_gate.h linux/tc_act/tc_ife.h linux/tc_act/tc_mirred.h
linux/tc_act/tc_mpls.h linux/tc_act/tc_nat.h linux/tc_act/tc_pedit.h linux/tc_act/tc_sample.h
linux/tc_act/tc_skbedit.h linux/tc_act/tc_skbmod.h linux/tc_act/tc_tunnel_key.h linux/tc_act/tc_vlan.h
linux/tc_ematch/tc_em_ipt.h linux/tc_ematch/tc_em_meta.h linux/tcp_metrics.h linux/thermal.h linux/tipc_netlink.h
linux/tls.h linux/unix_diag.h linux/vdpa.h linux/veth.h linux/wireguard.h linux/wwan.h linux/xdp_diag.h linux/xfrm.h
rdma/rdma_netlink.h
"""

NO_ATTRIBUTES = {
    "DEVLINK_FLASH_OVERWRITE_SETTINGS_BIT": "bit numbers of flags",
    "DEVLINK_PORT_FN_ATTR_CAP_ROCE_BIT": "bit numbers of flags",
    "IPSET_ADD": "for the kernel's own use",
    "IPSET_CREATE_FLAG_BIT_FORCEADD": "bit numbers of flags",
    "IPSET_DIM_ZERO": "for the kernel's own use",
    "IP_TUNNEL_CSUM_BIT": "bit numbers of flags",
    "TCA_ID_POLICE": "for the kernel's own use",
    "TCF_LAYER_LINK": "layers of the packet a match looks at",
    "TCF_META_ID_VALUE": "what a meta match compares",
    "TCF_META_TYPE_VAR": "how a meta match compares",
    "TCP_METRIC_RTT": "what TCP_METRICS_A_METRICS_* are less 1, for the kernel's own use",
}
"""First members of enums that look like lists of attributes, and what they are."""

NO_CONSTANT = {
    "AF_MCTP": "sys/socket.h",
    "NL80211_FREQUENCY_ATTR__NO_IBSS": "the header writes its underscores in front",
}
"""Rows without a constant that no later kernel can have added, and where they come from."""

NO_COMMAND = {
    "CRYPTO_MSG_BASE": "where the numbers begin",
    "IPSET_CMD_RESTORE": "of the program ipset itself, as those up to IPSET_CMD_COMMIT",
    "IPSET_CMD_HELP": "see IPSET_CMD_RESTORE",
    "IPSET_CMD_VERSION": "see IPSET_CMD_RESTORE",
    "IPSET_CMD_QUIT": "see IPSET_CMD_RESTORE",
    "IPSET_CMD_COMMIT": "see IPSET_CMD_RESTORE",
    "RTM_BASE": "where the numbers begin",
    "XFRM_MSG_BASE": "where the numbers begin",
}
"""Members of enums of types and commands that are none."""

SENTINEL = re.compile(r"MAX|^NUM_|_NUM$|LAST|_CNT$")
COMMAND = re.compile(r"_CMD_(?!ATTR)|^RTM_|_NL_C_|^HSR_C_|^TIPC_NL_|_GEN_SYS_|^SMC_PNETID_GET")
COMMANDS_OR_GROUPS = re.compile(r"GRP_|_CMD_(?!ATTR)|_NL_C_|_GEN_SYS_|^HSR_C_|^TIPC_NL_LEGACY")
UNUSED = re.compile(r"^__|MAX$|^MAX_|^NUM_|_NUM(_OPS)?$|_(UNSPEC|NONE|UNUSED\d*|UNDEFINED|INVALID|PAD\d*)$")


class Constant(NamedTuple):
    """One enumerator; its number is None where the expression is too clever for us."""

    name: str
    number: int | None


def without_comments(text: str) -> str:
    return re.sub(r"//[^\n]*", "", re.sub(r"/\*.*?\*/", " ", text.replace("\\\n", " "), flags=re.DOTALL))


def enums_of(text: str) -> list[list[Constant]]:
    """The enums of a header, in order."""
    text = without_comments(text)
    values: dict[str, int] = {}
    for name, expression in re.findall(r"^[ \t]*#define[ \t]+(\w+)[ \t]+(\S.*?)[ \t]*$", text, flags=re.MULTILINE):
        value = evaluated(expression, values)
        if value is not None:
            values[name] = value
    found = []
    for body in re.findall(r"\benum\b[ \t\w]*\{(.*?)\}", text, flags=re.DOTALL):
        members: list[Constant] = []
        following: int | None = 0
        for item in re.sub(r"^\s*#.*$", "", body, flags=re.MULTILINE).split(","):
            name, _, expression = (part.strip() for part in item.partition("="))
            if not name.isidentifier():
                continue
            number = evaluated(expression, values) if expression else following
            following = None if number is None else number + 1
            if number is not None:
                values[name] = number
            members.append(Constant(name, number))
        found.append(members)
    return found


def enums_in(header: str) -> list[list[Constant]]:
    """The enums of a header of this machine; none where it is not there."""
    path = INCLUDE / header
    return enums_of(path.read_text(errors="replace")) if path.exists() else []


def evaluated(expression: str, values: dict[str, int]) -> int | None:
    """The value of a C expression of numbers and names known so far."""
    words = re.findall(r"[A-Za-z_]\w*", re.sub(r"\b(0x[0-9A-Fa-f]+|\d+)[uUlL]*\b", r"\1", expression))
    if any(word not in values and not re.fullmatch(r"x[0-9A-Fa-f]+", word) for word in words):
        return None
    plain = re.sub(r"\b(0x[0-9A-Fa-f]+|\d+)[uUlL]+\b", r"\1", expression)
    if not re.fullmatch(r"[\w\s()+\-*|&<>~]+", plain):
        return None
    try:
        return int(eval(plain, {"__builtins__": {}}, dict(values)))
    except (SyntaxError, TypeError, ValueError, NameError):
        return None


class Report(NamedTuple):
    """What the headers and the tables say of one another.

    missing   constants without a row, by header
    newer     the same, beyond what the tables follow
    wrong     constants whose row has another number
    unknown   first members of enums of which the tables know nothing
    typed     attribute constants that have a row, by header
    all       attribute constants, by header
    """

    missing: dict[str, list[str]]
    newer: list[str]
    wrong: list[str]
    unknown: dict[str, str]
    found: dict[str, int]
    all: dict[str, int]


@cache
def rows_by_name() -> dict[str, set[int]]:
    """Every row under all its names."""
    families.load_all()
    found: dict[str, set[int]] = defaultdict(set)
    for rows in SETS.values():
        for number, row in rows.rows.items():
            for name in (row.name, *row.also, *(f"{rows.prefix}_{also}" for also in row.also)):
                found[name.upper()].add(number)
    return found


@cache
def bound_names() -> set[str]:
    """Types of messages, and commands."""
    families.load_all()
    tables = [bindings for table in (*MESSAGES.values(), *COMMANDS.values()) for bindings in table.values()]
    return {one.name for bindings in tables for one in bindings}


@cache
def other_names() -> set[str]:
    """What else the tables know: types, commands, and the members of enumerations and flags."""
    return bound_names() | _names(Enum)


def _names(parent: type[Enum]) -> set[str]:
    return {name for child in parent.__subclasses__() for name in {*child.numbers, *_names(child)}}


@cache
def report() -> Report:
    rows, others = rows_by_name(), other_names()
    about = Report(defaultdict(list), [], [], {}, defaultdict(int), defaultdict(int))
    for header in HEADERS.split():
        for members in enums_in(header):
            real = [one for one in members if not UNUSED.search(one.name)]
            if any(one.name.upper() in rows for one in real):
                _compare(about, header, real)
            elif len(members) > len(real) and any(SENTINEL.search(one.name) for one in members) and real:
                known = any(one.name in others for one in real) or COMMANDS_OR_GROUPS.search(real[0].name)
                if not known and real[0].name not in NO_ATTRIBUTES:
                    about.unknown[real[0].name] = header
                    about.missing[header] += [one.name for one in real]
                    about.all[header] += len(real)
    return about


def _compare(about: Report, header: str, real: list[Constant]) -> None:
    """The members of one enum of attributes with their rows."""
    rows = rows_by_name()
    reached = {one.number for one in real if one.name.upper() in rows}
    last = max((number for number in reached if number is not None), default=0)
    for name, number in real:
        about.all[header] += 1
        numbers = rows.get(name.upper())
        if numbers is None and number in reached:
            about.found[header] += 1  # another name of the same
        elif numbers is None:
            newer = is_newer() and number is not None and number > last
            (about.newer if newer else about.missing[header]).append(name)
        elif number is not None and number not in numbers:
            about.wrong.append(f"{name} is {number}, its row has {sorted(numbers)}")
        else:
            about.found[header] += 1


@cache
def version() -> tuple[int, ...]:
    """The kernel these headers are of; (0,) before they told."""
    text = (INCLUDE / "linux/version.h").read_text()
    parts = (re.search(rf"LINUX_VERSION_{part} (\d+)", text) for part in ("MAJOR", "PATCHLEVEL"))
    return tuple(int(part[1]) for part in parts if part) or (0,)


def is_newer() -> bool:
    return version() > KNOWN


def is_older() -> bool:
    return version() < KNOWN


needs_headers = pytest.mark.skipif(
    not (INCLUDE / "linux/rtnetlink.h").exists(), reason="no headers of the kernel; install the package linux-libc-dev"
)


@needs_headers
def test_every_constant_has_a_row(capsys: pytest.CaptureFixture[str]) -> None:
    about = report()
    missing = {header: names for header, names in about.missing.items() if names}
    with capsys.disabled():
        print(
            f"\n{sum(about.found.values())} of {sum(about.all.values())} attribute constants of this machine have a row"
        )
        for header, names in missing.items():
            print(f"  {header}: {len(names)} without, {about.found[header]} with a row")
        if about.newer:
            print(f"  newer than the tables: {' '.join(about.newer)}")
    if is_newer():
        missing = {header: names for header, names in missing.items() if names[0] not in about.unknown}
    assert {} == missing


@needs_headers
def test_every_number_is_right() -> None:
    assert [] == report().wrong


@needs_headers
def test_every_command_is_bound(capsys: pytest.CaptureFixture[str]) -> None:
    """Types of messages and commands of generic families; what the tables know as values of something is none."""
    bound, rows, others = bound_names(), rows_by_name(), other_names()
    missing, found = [], 0
    for members in (members for header in HEADERS.split() for members in enums_in(header)):
        real = [one for one in members if not UNUSED.search(one.name)]
        if any(one.name.upper() in rows for one in real):
            continue
        if not any(one.name in bound or COMMAND.search(one.name) for one in real):
            continue
        numbers = {one.number for one in real if one.name in bound}
        found += sum(one.name in bound for one in real)
        missing += [one.name for one in real if one.name not in others and one.number not in numbers]
    with capsys.disabled():
        print(f"\n{found} types and commands of these headers have a body")
        if is_newer():
            print(f"  newer, or without: {' '.join(missing)}")
    assert is_newer() or [] == [name for name in missing if name not in NO_COMMAND]


@needs_headers
def test_every_row_has_a_constant(capsys: pytest.CaptureFixture[str]) -> None:
    """A row beyond the last constant of its enum is of a later kernel; sets without any are of private headers."""
    families.load_all()
    words = {word.upper() for path in INCLUDE.glob("*/**/*.h") for word in words_of(path)}
    later: list[str] = []
    strange: list[str] = []
    for rows in SETS.values():
        if rows.__module__.startswith("nldissect.families"):
            lacking = {number: row.name for number, row in rows.rows.items() if not named(row, rows.prefix, words)}
            last = max(rows.rows.keys() - lacking.keys(), default=None)
            if last is not None:
                later += [name for number, name in lacking.items() if number > last]
                strange += [name for number, name in lacking.items() if number < last]
    with capsys.disabled():
        print(f"\n{len(later)} rows are of later kernels than these headers")
    if not is_older():
        assert [] == [name for name in strange if name not in NO_CONSTANT]


def named(row: Kind, prefix: str, words: set[str]) -> bool:
    """Whether the headers have a row under one of its names."""
    return any(name.upper() in words for name in (row.name, *row.also, *(f"{prefix}_{also}" for also in row.also)))


def words_of(path: Path) -> set[str]:
    if path.relative_to(INCLUDE).parts[0] not in ("linux", "rdma", "scsi"):
        return set()
    return set(re.findall(r"\b[A-Za-z_]\w+", without_comments(path.read_text(errors="replace"))))


def test_enums_are_read() -> None:
    """Comments, macros, aliases, maxima, expressions and continued lines, as headers have them."""
    text = """
    #define BASE 0x10
    enum {
        A_UNSPEC,       /* never, ever */
    #define A_UNSPEC A_UNSPEC
        A_FIRST = BASE, // the first
        A_OLD = A_FIRST,
        A_SECOND,
        __A_MAX
    };
    #define A_MAX (__A_MAX - 1)
    enum a_bits { A_BIT = 1 << 3, A_STRANGE = sizeof(int), A_AFTER };
    """

    assert [
        [("A_UNSPEC", 0), ("A_FIRST", 16), ("A_OLD", 16), ("A_SECOND", 17), ("__A_MAX", 18)],
        [("A_BIT", 8), ("A_STRANGE", None), ("A_AFTER", None)],
    ] == enums_of(text)


def test_few_attributes_are_opaque(capsys: pytest.CaptureFixture[str]) -> None:
    """At least 97 of 100 rows have a type; the others say why they have none."""
    fields = all_fields()
    total = counts(fields)[-1]
    with capsys.disabled():
        print(f"\n{total.typed} of {total.attributes} rows are typed, {total.opaque} opaque, {total.secret} secret")
    assert total.typed + total.secret >= 0.97 * total.attributes
    assert {"Blob", "Framed", "Inside"} >= {field.kind.split()[0] for field in fields if field.opaque}


def test_few_bytes_of_the_captures_are_not_described(capsys: pytest.CaptureFixture[str]) -> None:
    """At most 0.3 of 100 bytes are in no table, at most 2 are opaque."""
    total = Counter[str]()
    for path in sorted(CAPTURES.glob("*.pcap")):
        source = BlockReader(str(path))
        coverage = Coverage(source.context)
        for block in source.blocks():
            coverage.add(CountedMessages(block))
        source.finish()
        for row in coverage.result():
            total.update({kind: getattr(row, kind) for kind in KINDS})
    values = sum(total[kind] for kind in ("decoded", "opaque", "secret", "undecoded"))
    with capsys.disabled():
        print(f"\n{total['undecoded']} of {values} bytes of all captures are undecoded, {total['opaque']} opaque")
    assert total["undecoded"] <= 0.003 * values and total["opaque"] <= 0.02 * values
