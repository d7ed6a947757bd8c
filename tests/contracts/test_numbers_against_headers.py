"""Every name in the tables against the kernel's own headers: the compiler says whether the numbers are right."""

import re
import subprocess
from collections import defaultdict
from functools import cache
from pathlib import Path

import pytest

from nldissect import families
from nldissect.wire import NETLINK, Enum, Flags
from nldissect.wire.attr_set import SETS
from nldissect.wire.packets.bindings import COMMANDS, MESSAGES
from tests.helpers.skips import needs

HEADERS = Path("/usr/include")
FOLDERS = (
    "linux",
    "linux/can",
    "linux/cifs",
    "linux/netfilter",
    "linux/netfilter/ipset",
    "linux/tc_act",
    "linux/tc_ematch",
    "rdma",
    "regulator",
    "scsi",
)
BEFORE = "#include <sys/socket.h>\n#include <netinet/in.h>\n#include <net/if.h>\n#include <linux/types.h>\n"

IS = "({name}) == {number}LL || (unsigned)({name}) == {number}LL"
# A negative number: the header may write its bits unsigned.
NEGATIVE = f"{IS} || (int)({{name}}) == {{number}}LL"
# Where the header numbers bits, the table has the bits themselves; some masks leave number 0 out.
BIT = f"{IS} || (1ULL << (({{name}}) & 63)) == {{number}}ULL || (1ULL << ((({{name}}) - 1) & 63)) == {{number}}ULL"
# nfnetlink types: the subsystem in the upper byte; the header has the lower one.
SUBSYSTEM = f"{IS} || ({{name}}) == ({{number}}LL & 0xFF)"
# RDMA types: the client above ten bits; the header has those.
OPERATION = f"{IS} || ({{name}}) == ({{number}}LL & 0x3FF)"
# The header writes these in network order.
SWAPPED = f"{IS} || __builtin_bswap16({{name}}) == {{number}}LL"

Claims = dict[str, tuple[int, str]]


def claims() -> Claims:
    """Every constant of every table by its full name: its number, and how the header may put it."""
    families.load_all()
    found: Claims = {}
    for rows in SETS.values():
        if rows.__module__.startswith("nldissect.families"):
            for number, row in rows.rows.items():
                for name in (row.name, *(f"{rows.prefix}_{also}" for also in row.also)):
                    found[name] = (number, IS)
    for names in enums(Enum):
        if names.__module__.startswith("nldissect.families"):
            form = SWAPPED if names.prefix in ("GRE", "TUNNEL") else BIT if issubclass(names, Flags) else IS
            found |= {name: (number, form) for name, number in names.numbers.items() if name not in found}
    for protocol, table in MESSAGES.items():
        form = {NETLINK.NETFILTER: SUBSYSTEM, NETLINK.RDMA: OPERATION}.get(protocol, IS)
        found |= {one.name: (number, form) for number, bindings in table.items() for one in bindings}
    for table in COMMANDS.values():
        found |= {one.name: (number, IS) for number, bindings in table.items() for one in bindings}
    found |= {name: (number, NEGATIVE) for name, (number, form) in found.items() if number < 0 and form is IS}
    return {name: claim for name, claim in found.items() if name.isidentifier()}


def enums(base: type[Enum]) -> list[type[Enum]]:
    return [deeper for one in base.__subclasses__() for deeper in (one, *enums(one))]


@cache
def places() -> dict[str, list[str]]:
    """Which headers mention a name."""
    found = defaultdict(list)
    for folder in FOLDERS:
        for path in sorted((HEADERS / folder).glob("*.h")):
            for name in set(re.findall(r"\b[A-Za-z_]\w{3,}\b", path.read_text(errors="replace"))):
                found[name].append(f"{folder}/{path.name}")
    return found


def compile_lines(header: str, lines: str) -> str:
    """The compiler's complaints."""
    command = ["cc", "-fsyntax-only", "-w", "-fmax-errors=0", "-x", "c", "-"]
    source = f"{BEFORE}#include <{header}>\n{lines}"
    return subprocess.run(command, input=source, capture_output=True, text=True).stderr


def check(header: str, wanted: Claims) -> tuple[set[str], set[str]]:
    """Names the header confirms, and names it gives another number."""
    uses = "".join(f"    use({name});\n" for name in wanted)
    complaints = compile_lines(header, f"void use(long long);\nvoid all(void) {{\n{uses}}}\n")
    absent = set(re.findall(r"'(\w+)' undeclared", complaints.replace("‘", "'").replace("’", "'")))
    known = wanted.keys() - absent
    asserts = "".join(
        f'_Static_assert({wanted[name][1].format(name=name, number=wanted[name][0])}, "wrong: {name}");\n'
        for name in known
    )
    complaints = compile_lines(header, asserts)
    wrong = set(re.findall(r'"wrong: (\w+)"', complaints))
    if "error" in complaints and not wrong:
        return set(), set()
    return known - wrong, wrong


def test_numbers_are_the_headers(capsys: pytest.CaptureFixture[str]) -> None:
    needs("cc")
    if not (HEADERS / "linux/rtnetlink.h").exists():
        pytest.skip("no headers of the kernel; install the package linux-libc-dev")
    names = claims()
    by_header: dict[str, Claims] = defaultdict(dict)
    for name, claim in names.items():
        for header in places().get(name, [])[:3]:
            by_header[header][name] = claim
    right: set[str] = set()
    wrong: dict[str, str] = {}
    for header, wanted in sorted(by_header.items()):
        confirmed, contradicted = check(header, wanted)
        right |= confirmed
        wrong |= {name: f"{wanted[name][0]}, not so in {header}" for name in contradicted}
    with capsys.disabled():
        print(f"\n{len(right)} of {len(names)} constants confirmed by the headers of this machine")
    assert {name: text for name, text in wrong.items() if name not in right} == {}
    assert len(right) > 0.7 * len(names)  # the rest: private headers, later kernels
