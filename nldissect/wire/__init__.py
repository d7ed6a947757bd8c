"""Declaration and decoding of netlink messages: kinds, attribute sets, message classes. Knows no protocol.

    declare   kind > attr_set > packets/message > bind_attrs, bind_message, bind_genl        a family file
    decode    bytes > packets/frame.messages_in > decode/walk > decode/nodes.DecodedFrame    message engine
              bytes > packets/frame.nlmon                                                    Scapy packets
    print     summary_template over either, composers where a template can't
    judge     semantics: objects, sequence numbers, strict checks, by tables next to the families

Entry points: the names of vocabulary.py, `decode.walk.walk`, `packets.frame.nlmon`, `context.Context`.

    kind                  what the bytes of an attribute or struct field mean; `Kind` and its subclasses
    attribute set, row    a table of kinds by attribute number, and one line of it
    selector              a sibling row or header field on which a payload depends
    binding               the class that a type or command has, and when
    context               names and byte order learned from the frames before

To add a kind: a subclass of Kind in the module of its sort (numbers, text, addresses, opaque, containers) and its name
in vocabulary.py. To add a family: a file in nldissect/families. tests/wire/test_table_errors.py holds the
errors that wrong tables raise.

`from nldissect.wire import AttrSet` imports all of vocabulary.py on first use, and Scapy with it. A module of the
package that needs no Scapy (protocol, kind, numbers, context, ...) is imported without.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .vocabulary import *  # noqa: F403


def __getattr__(name: str) -> Any:
    if name.startswith("__") and name != "__all__":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    grammar = import_module(f"{__name__}.vocabulary")  # `from . import` would ask this function for it
    names = {name: value for name, value in vars(grammar).items() if not name.startswith("_")}
    globals().update(names, __all__=[*names])
    try:
        return globals()[name]
    except KeyError:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}") from None


def __dir__() -> list[str]:
    return sorted({*globals(), *__getattr__("__all__")})
