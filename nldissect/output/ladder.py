"""The ladder: who spoke to whom, one below the other: user processes, the kernel, listeners; arrows in time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from html import escape
from typing import NamedTuple

WIDTH, STEP, LEFT, TOP = 1140, 24, 90, 44
POSTS = 7
"""User processes with a post of their own, those with most to say; the others share one."""
LABEL, HEAD = 34, 16
OTHERS = "others"


class Arrow(NamedTuple):
    """Some messages in a row, from one to another.

    source, target   names of posts
    how              class of its colour
    about            what stands beside it when it is pointed at
    """

    time: str
    source: str
    target: str
    how: str
    label: str
    about: str


def drawn(arrows: Sequence[Arrow], users: Sequence[str], kernel: str, listeners: Sequence[str]) -> str:
    """As SVG; `users` in the order of their first words."""
    counts = Counter(end for arrow in arrows for end in (arrow.source, arrow.target))
    most = sorted(users, key=lambda name: -counts[name])[:POSTS]
    shown = [name for name in users if name in most] + ([OTHERS] if len(users) > POSTS else [])
    posts = [*shown, kernel, *listeners]
    apart = min((WIDTH - LEFT - 110) / max(len(posts) - 1, 1), 260)
    where = {name: round(LEFT + 50 + place * apart) for place, name in enumerate(posts)}
    height = TOP + STEP * len(arrows) + 30
    out = [f"<figure><svg width={WIDTH} height={height} role=img>", _HEADS]
    for name, at in where.items():
        out.append(f"<line class=post x1={at} x2={at} y1={TOP - 12} y2={height - 10} />")
        out.append(f"<text class=head x={at} y={TOP - 20} text-anchor=middle>{escape(_cut(name, HEAD))}</text>")
    for place, arrow in enumerate(arrows):
        y = TOP + STEP * place + 16
        start = where.get(arrow.source, where.get(OTHERS, LEFT))
        end = where.get(arrow.target, where.get(OTHERS, LEFT))
        gap = 3 if end > start else -3
        middle = (start + end) / 2
        out.append(
            f"<g><title>{escape(arrow.about)}</title><text class=soft x=0 y={y}>{escape(arrow.time)}</text>"
            f'<line class="{arrow.how}" x1={start + gap} x2={end - 2 * gap} y1={y} y2={y} '
            f'marker-end="url(#{arrow.how})" />'
            f"<text x={middle} y={y - 4} text-anchor=middle>{escape(_cut(arrow.label, LABEL))}</text></g>"
        )
    return "".join([*out, "</svg></figure>"])


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


_HEADS = "".join(
    f'<marker id="{how}" viewBox="0 0 8 8" refX=7 refY=4 markerWidth=8 markerHeight=8 orient=auto>'
    f'<path class="{how}" stroke="none" d="M0 0 L8 4 L0 8 z" /></marker>'
    for how in ("to-kernel", "to-user", "notification", "other", "refused")
)
