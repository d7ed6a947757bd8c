"""Prior requests of a capture's messages: frame by frame, and by blocks."""

from __future__ import annotations

from pathlib import Path

from nldissect.columns.block_reader import BlockReader
from nldissect.columns.blocks.message_type import DIRECTIONS
from nldissect.columns.fields.decoded_message import request_of
from nldissect.columns.requests.prior_requests import PriorRequests
from nldissect.families.answer_rules import RULES
from nldissect.stream.frames import FrameStream
from nldissect.uapi import NLMSG_ERROR

Belongs = tuple[int, int, str | None, int | None, int]
"""Number of the frame, place in it, direction, frame of the prior request, type."""


def by_frames(path: Path) -> list[Belongs]:
    return [
        (seen.number, place, walked.direction, None if prior is None else prior.frame, walked.number)
        for seen in FrameStream(str(path)).frames()
        for place, (walked, prior) in enumerate(zip(seen.frame.messages, seen.prior, strict=True), 1)
    ]


def by_blocks(path: Path, window: int) -> list[Belongs]:
    found: list[Belongs] = []
    priors = PriorRequests(RULES)
    for block in BlockReader(str(path), window=window).blocks():
        priors.begin_block(block)
        for index, way in enumerate(block.headers.direction.tolist()):
            prior = request_of(block, priors, index)
            number = int(block.frames.number[block.messages.frame[index]])
            frame = None if prior is None else prior.frame
            found.append(
                (number, int(block.messages.number[index]), DIRECTIONS[way], frame, int(block.headers.type[index]))
            )
        priors.end_block()
    return found


def without_causes(found: list[Belongs]) -> list[Belongs]:
    """Without the requests of answers, ends and events, which blocks do not look for."""
    return [one if one[4] == NLMSG_ERROR else (*one[:3], None, one[4]) for one in found]
