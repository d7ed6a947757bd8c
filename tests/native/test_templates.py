"""Summary templates as the core reads them."""

from __future__ import annotations

import pytest

from nldissect.families.route.link import ifinfomsg
from nldissect.native.program import Program
from nldissect.render.native.program_writer import quote

GROUP = 2
"""enum part_kind."""


@pytest.mark.parametrize(
    "template, needed",
    [
        ("[mtu {IFLA_MTU}]", ["IFLA_MTU"]),
        ("[{!IFLA_LINK}mtu {IFLA_MTU#} {IFLA_LINK}]", ["IFLA_MTU"]),
        ("[{?IFLA_LINK}x]", ["IFLA_LINK"]),
        ("[{IFLA_MTU|IFLA_LINK} {IFLA_PROP_LIST.IFLA_ALT_IFNAME}]", ["IFLA_PROP_LIST"]),
        ("[{ifi_flags%ifi_change}]", ["ifi_flags"]),
        ("[{IFLA_MTU|IFLA_LINK}][{!IFLA_MTU}x][{?to=user}x]", [None, None, None]),
        ("[a [{IFLA_LINK}] {IFLA_MTU}]", ["IFLA_MTU", "IFLA_LINK"]),
    ],
)
def test_a_name_without_which_a_group_is_not_written(template: str, needed: list[str | None]) -> None:
    """The core looks for it before it writes any of the group."""
    program = Program(quote)
    first, count = program.templates[program.flattener.templates.template(ifinfomsg, template)]
    parts = [program.parts[at] for at in range(first, first + count)]
    names = [program.name(name) if name else None for kind, _, name in parts if kind == GROUP]
    assert needed == names
