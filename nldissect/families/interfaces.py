"""Interfaces that requests of generic families name: where there is none, they are refused with ENODEV."""

from collections.abc import Iterator

from nldissect.wire import (
    NETLINK,
    DecodedMessage,
    ObjectAbsent,
    ObjectReader,
    ObjectReference,
    ReferenceFinder,
    bind_refusal,
)


def interface(index: str, name: str = "") -> ReferenceFinder:
    """The interface whose number is in the attribute `index`, else its name in `name`."""

    def found(walked: DecodedMessage, _: ObjectReader) -> Iterator[ObjectReference]:
        number, text = walked.find(index), walked.find(name) if name else None
        if number is not None and isinstance(number.value, int):
            identity = number.value.to_bytes(4, "little" if walked.order == "<" else "big")
            yield ObjectReference(NETLINK.ROUTE, "link", (b"\0", identity))
        elif text is not None and isinstance(text.value, str):
            yield ObjectReference(NETLINK.ROUTE, "link", name=text.value)

    return found


def bind_interface(family: str, index: str, name: str = "", *, source: str) -> None:
    """Declare that requests of a generic family name an interface, which has to exist."""
    bind_refusal(family, "*", "ENODEV", ObjectAbsent(interface(index, name)), source=source)
