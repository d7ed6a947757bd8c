"""Fields that hold one of few texts, and names that nobody calls as the kernel does: what a filter says about them."""

from __future__ import annotations

import re

import pytest

from nldissect.analysis.notes.model import KINDS
from nldissect.errors import FilterError
from nldissect.filters import compile_filter
from tests.helpers.paths import PACKAGE


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('direction == "foo"', 'direction is never "foo"; it is one of to kernel, to user, notification, user to user'),
        ('direction != "from kernel"', 'direction is never "from kernel"; it is one of to kernel'),
        ('direction in {"to user", "to usr"}', 'direction is never "to usr"; it is one of to kernel'),
        ('expert.kind == "refusedd"', 'expert.kind is never "refusedd"; did you mean "refused"?'),
        ('expert.kind == "zzz"', 'expert.kind is never "zzz"; it is one of refused, overrun, lost, warning of the'),
        ('expert.severity == "fatal"', 'expert.severity is never "fatal"; it is one of error, warning, note'),
        ('notes.severity == "warn"', 'notes.severity is never "warn"; it is one of error, warning, note'),
        ('process.confidence == "sure"', "it is one of exact, learnt, guessed, unknown"),
    ],
)
def test_a_text_that_never_is_is_a_mistake(text: str, says: str) -> None:
    with pytest.raises(FilterError) as caught:
        compile_filter(text)
    assert says in caught.value.message
    assert text[caught.value.at] == '"'


@pytest.mark.parametrize(
    "text", ['direction == "to user"', 'direction contains "user"', 'direction matches "^to"', 'direction[0:2] == "to"',
             'expert.kind in {"lost", "overrun"}', 'not direction == "notification"', 'direction > "a"'],
)  # fmt: skip
def test_what_can_be_is_asked(text: str) -> None:
    compile_filter(text)


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_of_note_can_be_asked_for(kind: str) -> None:
    compile_filter(f'expert.kind == "{kind}"')


def test_no_note_has_another_kind() -> None:
    """Each place that makes a note, in the source."""
    makes = re.compile(
        r"""(?:Expert\([\w. ]+, |Note\("\w+", |what: str = |TOO_DEEP = .*, |this message'}", )"([a-z ]+)\""""
    )
    found = {kind for path in PACKAGE.rglob("*.py") for kind in makes.findall(path.read_text())}
    assert found and found <= set(KINDS), found - set(KINDS)


@pytest.mark.parametrize(
    ("name", "first"),
    [
        ("ifname", "IFLA_IFNAME"),
        ("time", "frame.time"),
        ("interface", "frame.interface"),
    ],
)
def test_a_word_of_a_name_is_looked_for_first(name: str, first: str) -> None:
    with pytest.raises(FilterError) as caught:
        compile_filter(f"{name} == 1")
    assert f'no field "{name}"; did you mean "{first}"' in caught.value.message


@pytest.mark.parametrize(
    ("name", "ours"),
    [
        ("netlink-route.ifla_ifname", "IFLA_IFNAME"),
        ("netlink-route.ifla_mtu", "IFLA_MTU"),
        ("netlink.hdr_type", "nlmsg_type"),
        ("netlink.hdr_flags", "nlmsg_flags"),
        ("netlink.family", "protocol"),
        ("genl.cmd", "genlmsghdr.cmd"),
    ],
)
def test_names_of_wireshark_are_known(name: str, ours: str) -> None:
    with pytest.raises(FilterError) as caught:
        compile_filter(name)
    assert f'no field "{name}"; here it is "{ours}"' == caught.value.message
