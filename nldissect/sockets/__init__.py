"""AF_NETLINK sockets at home in Scapy: send, receive, ask, dump, listen."""

from typing import TYPE_CHECKING, Any

from .exchange import Exchange
from .netlink import NetlinkSocket

if TYPE_CHECKING:
    from .fake import FakeKernel
    from .nlmon import NlmonSocket

__all__ = ["Exchange", "FakeKernel", "NetlinkSocket", "NlmonSocket"]


def __getattr__(name: str) -> Any:
    """What stands on more of Scapy is imported when asked for."""
    if name == "FakeKernel":
        from .fake import FakeKernel

        return FakeKernel
    if name == "NlmonSocket":
        from .nlmon import NlmonSocket

        return NlmonSocket
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
