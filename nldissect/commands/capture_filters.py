"""What a capture is told of its filter: libpcap's text, with the ids that this kernel has for generic families."""

from __future__ import annotations

from nldissect.filters.capture_filter import compile_kernel


def capture_filters(text: str | None, tapped: bool = True) -> dict[str, str | None]:
    """A capture filter for the kernel, and for frames as they stand in files, which groups are asked by; FilterError
    if it can't be understood or can't work.

    tapped   an nlmon device is captured on, which does not see every protocol
    """
    if text is None:
        return {"filter": None, "frames_filter": None}
    return {
        "filter": compile_kernel(text, family, tapped=tapped),
        "frames_filter": compile_kernel(text, family, tapped=False, cooked=True),
    }


def family(name: str) -> int:
    """The id of a generic family in this kernel."""
    from nldissect.sockets import NetlinkSocket

    with NetlinkSocket("generic") as socket:
        return socket.families.id(name)
