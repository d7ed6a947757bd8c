"""AF_NETLINK sockets for Scapy: send, receive, ask, dump, listen.

    NetlinkSocket (packets) > endpoint (bytes, options, groups) > kernel
    NetlinkSocket.ask > exchange (when an answer is complete) | error_text (what a refusal means)
    playback > fake_kernel: the kernel's side, played from a capture

Entry points: `NetlinkSocket`, `NlmonSocket`, `FakeKernel`, `listen_groups.parse_groups`, `socket_list`.

To add an option of sockets: endpoint. tests/sockets holds it, in a real kernel and against FakeKernel.
"""

from typing import TYPE_CHECKING, Any

from .exchange import Exchange
from .netlink_socket import NetlinkSocket

if TYPE_CHECKING:
    from .fake_kernel import FakeKernel
    from .nlmon_socket import NlmonSocket

__all__ = ["Exchange", "FakeKernel", "NetlinkSocket", "NlmonSocket"]


def __getattr__(name: str) -> Any:
    """Import the classes that need more of Scapy when they are first used."""
    if name == "FakeKernel":
        from .fake_kernel import FakeKernel

        return FakeKernel
    if name == "NlmonSocket":
        from .nlmon_socket import NlmonSocket

        return NlmonSocket
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
