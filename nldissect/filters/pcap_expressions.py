"""Expressions of libpcap's language on the bytes of a frame with a cooked header."""

from __future__ import annotations

from nldissect.uapi import NLMSG_HDRLEN, SLL_HDR_LEN
from nldissect.wire import NETLINK
from nldissect.wire.protocol import NLM_F

LENGTH, KIND, BITS, SEQ, PORT, BODY = (SLL_HDR_LEN + at for at in (0, 4, 6, 8, 12, 16))
"""Where the fields of nlmsghdr stand, and the body."""


class Tests:
    """Tests of a frame's first message.

    order       the host's byte order, in which that stands
    uncounted   bytes of the cooked header that `len` leaves out: all where the kernel is asked, none of a file's frames
    """

    def __init__(self, order: str, uncounted: int) -> None:
        self.order, self.uncounted = order, uncounted

    def there(self, test: str, end: int = SLL_HDR_LEN + NLMSG_HDRLEN) -> str:
        """Return a test on bytes that a short frame lacks: a load beyond its end refuses it whatever else is asked.

        Programs may send each other anything: there is a header only where its length can be right.
        """
        length = self.assembled(LENGTH, 4)
        room = "len + 3" if self.uncounted == SLL_HDR_LEN else f"len - {SLL_HDR_LEN - 3}"
        headed = f"(link[14:2] != {NETLINK.USERSOCK} or ({length} >= {NLMSG_HDRLEN} and {length} <= {room}))"
        return f"(len >= {end - self.uncounted} and {headed} and {test})"

    def swapped(self, number: int, size: int) -> int:
        """Return the number as libpcap sees it, which takes all bytes for network order."""
        return int.from_bytes(number.to_bytes(size, "little" if self.order == "little" else "big"), "big")

    def assembled(self, at: int, size: int) -> str:
        """Return the expression of a header field's value."""
        if self.order == "big":
            return f"link[{at}:{size}]"
        return "(" + " | ".join(f"(link[{at + step}] << {8 * step})" for step in range(size)) + ")"

    def equal(self, at: int, size: int, number: int) -> str:
        return f"link[{at}:{size}] == {self.swapped(number, size)}"

    def request(self, wanted: bool) -> str:
        """Return a test whether the message is a request: what of a command goes to the kernel."""
        mask = self.swapped(NLM_F.REQUEST, 2)
        return f"link[{BITS}:2] & {mask} {'!=' if wanted else '=='} 0"


def is_protocol(number: int) -> str:
    """Return a test whether a frame is of a protocol."""
    return f"link[14:2] == {number}"


def any_of(tests: list[str]) -> str:
    """Return a test whether one of them holds, each asked once."""
    tests = list(dict.fromkeys(tests))
    return tests[0] if len(tests) == 1 else f"({' or '.join(tests)})"
