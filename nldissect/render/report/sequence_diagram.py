"""Sequence diagrams: user processes, the kernel and listeners side by side, a line below each, arrows in time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from nldissect.escapes import visible

from .element import Markup, Unquoted, element

WIDTH, STEP, LEFT, TOP = 1140, 24, 90, 34
POSTS = 7
"""So many user processes stand side by side; one takes the place of another that has said its last. What has none left
stands at one place for all, its name beside every message."""
GLYPH, HEAD = 6.7, 20
MIDDLE = Unquoted("middle")


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


class Lifeline(NamedTuple):
    """The line of a user process, from its first arrow to its last."""

    place: int
    first: int
    last: int


def posts_of(arrows: Sequence[Arrow], users: Sequence[str]) -> dict[str, Lifeline]:
    """Places for those that get one; `users` in the order of their first words."""
    first: dict[str, int] = {}
    last: dict[str, int] = {}
    for number, arrow in enumerate(arrows):
        for name in (arrow.source, arrow.target):
            first.setdefault(name, number)
            last[name] = number
    free = [-1] * min(POSTS, len(users))
    posts: dict[str, Lifeline] = {}
    for name in users:
        begin = len(posts) if len(users) <= POSTS else 0  # no need to share
        place = next((place for place in range(begin, len(free)) if free[place] < first[name]), None)
        if place is not None:
            posts[name] = Lifeline(place, first[name], last[name])
            free[place] = last[name]
    return posts


def sequence_diagram(arrows: Sequence[Arrow], users: Sequence[str], kernel: str, listeners: Sequence[str]) -> Markup:
    """Return the diagram as SVG; `users` in the order of their first words."""
    posts = posts_of(arrows, users)
    count = max((post.place + 1 for post in posts.values()), default=0)
    crowd = len(posts) < len(users)
    right = [kernel, *listeners]
    apart = min((WIDTH - LEFT - 150) / max(count + crowd + len(right) - 1, 1), 400)
    where = {name: round(LEFT + 60 + post.place * apart) for name, post in posts.items()}
    where |= {name: round(LEFT + 60 + (count + crowd + place) * apart) for place, name in enumerate(right)}
    crowded = round(LEFT + 60 + count * apart)
    rows, heights, born = TOP, [], {post.first: name for name, post in posts.items()}
    heads = {}
    for number in range(len(arrows)):
        if number in born:
            heads[born[number]] = rows
            rows += STEP - 4
        heights.append(rows + 16)
        rows += STEP
    parts = [_marker(direction) for direction in ("to-kernel", "to-user", "notification", "other", "refused")]
    for name in right:
        parts += _post(name, where[name], 24, rows + 10)
    for name, post in posts.items():
        parts += _post(name, where[name], heads[name] + 18, heights[post.last] + 4)
    parts += [_arrow(arrow, y, where, crowded) for arrow, y in zip(arrows, heights, strict=True)]
    return element("figure", element("svg", *parts, width=WIDTH, height=rows + 20, role=Unquoted("img")))


def _arrow(arrow: Arrow, y: int, where: Mapping[str, int], crowded: int) -> Markup:
    """Return an arrow at its height, between posts at `where`; those that have none stand at `crowded`."""
    start, end = where.get(arrow.source, crowded), where.get(arrow.target, crowded)
    gap = 3 if end > start else -3
    lost = [name for name in (arrow.source, arrow.target) if name not in where]
    label = _cut("".join(f"{name}: " for name in lost) + arrow.label, int(abs(end - start) / GLYPH) - 2)
    return element(
        "g",
        element("title", arrow.about),
        element("text", arrow.time, class_=Unquoted("soft"), x=0, y=y),
        element(
            "line", class_=arrow.how, x1=start + gap, x2=end - 2 * gap, y1=y, y2=y, marker_end=f"url(#{arrow.how})"
        ),
        element("text", label, x=(start + end) / 2, y=y - 4, text_anchor=MIDDLE),
    )


def _post(name: str, at: int, top: int, bottom: int) -> list[Markup]:
    """Return a post's name, and the line below that."""
    return [
        element("text", _cut(name, HEAD), class_=Unquoted("head"), x=at, y=top - 4, text_anchor=MIDDLE),
        element("line", class_=Unquoted("post"), x1=at, x2=at, y1=top, y2=bottom),
    ]


def _marker(direction: str) -> Markup:
    """Return the head of arrows of a class."""
    head = element("path", class_=direction, stroke="none", d="M0 0 L8 4 L0 8 z")
    return element(
        "marker", head, id=direction, viewBox="0 0 8 8", refX=7, refY=4, markerWidth=8, markerHeight=8,
        orient=Unquoted("auto"),
    )  # fmt: skip


def _cut(text: str, most: int) -> str:
    text = visible(text)
    return text if len(text) <= most else text[: most - 1] + "…"
