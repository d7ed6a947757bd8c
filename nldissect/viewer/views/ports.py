"""View of port ids by protocol. Port 0 is the kernel, or a request that names no port."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from nldissect.render.names import protocol_name
from nldissect.uapi import NLMSG_ERROR

from . import Heading, TableLine, ViewInput

HEADINGS = [
    Heading("Protocol"),
    Heading("Port", right=True),
    Heading("Messages", right=True),
    Heading("Share", bar=True),
    Heading("Bytes", right=True),
    Heading("Acks and errors", right=True),
]


def rows(scene: ViewInput) -> Iterator[list[TableLine]]:
    """Yield the table of ports, those with the most messages first, from the kept index alone."""
    capture = scene.store.capture
    mine = scene.rows()
    messages = {name: capture.messages[name][mine] for name in ("meaning", "pid", "length")}
    protocols = np.array([one.protocol for one in capture.meanings] or [0])[messages["meaning"]]
    answers = np.array([one.number == NLMSG_ERROR for one in capture.meanings] or [False])[messages["meaning"]]
    key = protocols.astype(np.int64) << 32 | messages["pid"]
    found, first, which, counts = np.unique(key, return_index=True, return_inverse=True, return_counts=True)
    sizes = np.bincount(which, messages["length"], len(found)).astype(np.int64)
    acks = np.bincount(which, answers, len(found)).astype(np.int64)
    lines = []
    for place in counts.argsort(kind="stable")[::-1].tolist():
        protocol, port = int(found[place]) >> 32, int(found[place]) & 0xFFFFFFFF
        name = protocol_name(protocol) or str(protocol)
        cells = [
            name.removeprefix("NETLINK_"),
            str(port),
            f"{counts[place]:,}",
            str(counts[place] / len(mine)),
            f"{sizes[place]:,}",
            f"{acks[place]:,}",
        ]
        lines.append(TableLine(cells, int(mine[first[place]]), f"protocol == {name} and nlmsg_pid == {port}"))
    yield lines
