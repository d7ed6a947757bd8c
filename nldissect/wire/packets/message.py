"""Messages: the Scapy layers after nlmsghdr, and C structs; names that a context learns from messages."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, ClassVar

from nldissect.errors import TableError

from ..attr_set import AttrSet
from ..containers import Attrs
from ..context import Context
from ..kind import Kind
from ..name_plans import may_teach
from ..opaque import Secret
from ..summary_template import check_brackets
from ..template_names import check_names
from .fields import KindField
from .layer import Layer


class Message(Layer):
    """Base of message bodies, headers and C structs.

    summary     class attribute: the template of the message's line (see wire/summary_template.py)
    teaches     (sort of name, field with the number, field with the name) that a Context learns
    elsewhere   an attribute with which the number is one of another network namespace

    Raises TableError when a class is declared wrong.
    """

    if TYPE_CHECKING:
        summary: Any

    template: ClassVar[str] = ""
    teaches: ClassVar[tuple[str, str, str] | None] = None
    elsewhere: ClassVar[str] = ""

    @staticmethod
    def tell_policy(body: bytes, order: str) -> tuple[int, str] | None:
        """Return a generic family's id and its policy as words (policy.py) from the body of a message, or None."""
        return None

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        template = cls.__dict__.get("summary")
        if isinstance(template, str):
            check_brackets(cls.__name__, template)
            cls.template = template
            del cls.summary
        for field in cls.fields_desc:
            if not isinstance(field, KindField):
                raise TableError(f'{cls.__name__}: {field!r} is no field; write a kind as U32.of("NAME")')
            if hasattr(Layer, field.name) and cls.__module__ != __name__:
                raise TableError(f'{cls.__name__}.{field.name}: Scapy needs the name itself; write "{field.name}_"')
        if isinstance(template, str):
            check_names(cls.__name__, template, [field.kind for field in cls.fields_desc])

    def mysummary(self) -> Any:
        if not self.template:
            return type(self).__name__
        from .summary import packet_summary

        return packet_summary(self)


class UNKNOWN(AttrSet, prefix=""):
    """Attributes of an unknown generic family: numbers only."""


class generic(Message):
    """A body of attributes only, by number, of an unknown generic family."""

    fields_desc = [Attrs("attrs", UNKNOWN)]

    def _expression_name(self) -> str:
        return "generic"


class SEALED(AttrSet, prefix=""):
    """Attributes of a family that carries keys and has no table yet: any of them may be a key."""

    @classmethod
    def row(cls, number: int) -> Kind | None:
        row = Secret().named(str(number), number)
        row.set = cls
        return row


class sealed(generic):
    """A body of attributes only, all of which are masked."""

    fields_desc = [Attrs("attrs", SEALED)]


def learn_names(
    context: Context | None,
    message: type[Message],
    direction: str | None,
    value: Callable[[str], Any],
    seq: int,
    pid: int,
    echoed: bool = False,
) -> None:
    """Let a context learn the name in a message; `value` returns the value of a field or attribute by its name.

    seq, pid   of nlmsghdr
    echoed     the message is a request in an acknowledgement
    """
    if context is None or message.teaches is None or not may_teach(message.teaches[0], direction, echoed):
        return
    what, number, name = message.teaches
    learnt, text = value(number), value(name)
    if not isinstance(learnt, int) or learnt <= 0 or not isinstance(text, str):
        return
    if message.elsewhere and value(message.elsewhere) is not None:
        return
    if what == "genl":
        believed = context.trust.name(learnt, text, context.known(what, learnt), seq, pid)
        if believed is None:
            return
        text = believed
    context.learn(what, learnt, text)
