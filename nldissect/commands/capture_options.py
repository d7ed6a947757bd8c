"""Options of a capture as the capture process takes them: sources, groups, filters compiled to libpcap's text."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, TypedDict

from nldissect.filters.capture_filter import compile_capture_filter

if TYPE_CHECKING:
    from nldissect.capture import CaptureConfig
    from nldissect.sockets.listen_groups import GroupSelection


class CaptureFilters(TypedDict):
    """A capture filter as libpcap's text: for frames of nlmon, and for frames with their cooked header."""

    filter: str | None
    frames_filter: str | None


def capture_config(options: argparse.Namespace) -> CaptureConfig:
    """Return the configuration of a capture: its sources, filters, file and user."""
    from nldissect import __version__
    from nldissect.capture import CaptureConfig

    groups, everywhere = _listening_groups(options.groups)
    return CaptureConfig(
        interfaces=options.interfaces or (),
        groups=groups,
        all_nsid=everywhere,
        write=options.out,
        **capture_filters(options.kernel_filter, tapped=not groups or options.interfaces is not None),
        user=options.user,
        netns=options.netns or (),
        extack=getattr(options, "extack", False),
        application=f"nldissect {__version__}",
        processes=getattr(options, "processes", True),
    )


def _listening_groups(given: list[str] | None) -> GroupSelection:
    """Return the multicast groups of -g by number; no group if the option was not given."""
    from nldissect.sockets.listen_groups import GroupSelection, parse_groups

    return parse_groups(given) if given else GroupSelection([], False)


def capture_filters(text: str | None, tapped: bool = True) -> CaptureFilters:
    """Compile a capture filter: `filter` for the kernel, `frames_filter` for frames with the cooked header of files.

    FilterError if it can't be understood or can't work.

    tapped   an nlmon device is captured on, which does not see every protocol
    """
    if text is None:
        return {"filter": None, "frames_filter": None}
    return {
        "filter": compile_capture_filter(text, _family_id, tapped=tapped),
        "frames_filter": compile_capture_filter(text, _family_id, tapped=False, cooked=True),
    }


def _family_id(name: str) -> int:
    """Ask this kernel for the id of a generic family."""
    from nldissect.sockets import NetlinkSocket

    with NetlinkSocket("generic") as socket:
        return socket.families.id(name)
