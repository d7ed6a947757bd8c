"""Summary templates of every table: they parse, and name what exists."""

import re

import pytest

from nldissect import families
from nldissect.wire import Context, Kind, Message, genlmsghdr
from nldissect.wire.attr_set import SETS
from nldissect.wire.errno import ERRNO
from nldissect.wire.numbers import U32, Handle
from nldissect.wire.packets.bindings import COMMANDS, DATAGRAMS, MESSAGES
from nldissect.wire.summary_template import ABOUT, ANYWHERE, fill, parse, plain_name
from nldissect.wire.text import Text

DERIVED = {"attribute", "missing", "request", "cmd"}
KEYED = {"env", "record"}
"""Fields of key=value texts, which have any key."""


def bodies() -> dict[str, type[Message]]:
    families.load_all()
    tables = [bindings for table in (*MESSAGES.values(), *COMMANDS.values()) for bindings in table.values()]
    found = {one.message for bindings in (*tables, *DATAGRAMS.values()) for one in bindings}
    ours = (message for message in found if message.__module__.startswith("nldissect."))
    return {f"{message.__module__}.{message.__name__}": message for message in ours}


def known_names() -> set[str]:
    """Every field and row name, aliases too."""
    families.load_all()
    names = {row.name for rows in SETS.values() for row in rows.rows.values()}
    names |= {f"{rows.prefix}_{also}" for rows in SETS.values() for row in rows.rows.values() for also in row.also}

    def below(one: type[Message]) -> set[str]:
        deeper = [deepest for sub in one.__subclasses__() for deepest in below(sub)]
        return {one.__name__, *(field.kind.name for field in one.fields_desc), *deeper}

    return names | below(Message)


def test_every_template_names_what_exists() -> None:
    names = known_names() | DERIVED
    for where, message in bodies().items():
        parse(message.template)
        for alternatives in re.findall(r"\{([^{}]+)\}", message.template):
            for name in map(plain_name, re.split("[|/%]", alternatives)):
                if not name.startswith('"') and name.partition(".")[0] not in KEYED | set(ABOUT):
                    assert set(name.removeprefix(ANYWHERE).strip("*").split(".")) <= names, f"{where}: {name}"


def test_every_message_has_a_line() -> None:
    """Bodies that are nothing but attributes list them when no template says better; those with a header need one."""
    headed = {where: body for where, body in bodies().items() if len(body.fields_desc) > 1 and body is not genlmsghdr}
    assert [] == [where for where, body in headed.items() if not body.template]


@pytest.mark.parametrize(
    ("template", "line"),
    [
        ("{NAME}", "eth0"),
        ("[mtu {MTU}] [qdisc {QDISC}]", "mtu 1500"),
        ('{QDISC|NAME} {QDISC|"none"}', "eth0 none"),
        ("[{?NAME}there][{?QDISC}not][{!QDISC}absent]", "thereabsent"),
        ("{PARENT} {ERROR} [[x]] {{y}}", "1:10 34 [x] {y}"),
        ("{INDEX} #{INDEX=}[ {INDEX@}]", "lo #1 lo"),
        ("[dev {NOWHERE}] [{UNSPEC}]", ""),
        ("[all {NAMES*}] [none {QDISC*}]", "all a b"),
    ],
)
def test_template_language(template: str, line: str) -> None:
    context = Context()
    context.learn("interface", 1, "lo")
    values: dict[str, tuple[Kind, object]] = {
        "NAME": (Text(), "eth0"),
        "NAMES*": (Text(), ["a", "b"]),
        "MTU": (U32(), 1500),
        "PARENT": (Handle(), 0x10010),
        "ERROR": (U32(), 34),
        "INDEX": (U32(refers="interface"), 1),
        "NOWHERE": (U32(refers="interface"), 0),
        "UNSPEC": (U32(None, ERRNO), 0),
    }
    if "UNSPEC" in template:
        del values["UNSPEC"]
    assert line == fill(template, values.get, context)
