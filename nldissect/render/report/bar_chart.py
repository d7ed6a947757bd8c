"""Bar charts over time, as SVG, and the legend of their colours."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from .element import NO_BREAK_SPACE, Markup, Unquoted, element

WIDTH, HEIGHT, LEFT = 1100, 140, 60
SOFT = Unquoted("soft")


def bar_chart(columns: Sequence[Sequence[int]], classes: Sequence[str], ends: tuple[str, str], unit: str) -> Markup:
    """Return columns side by side, each of several parts, one of each class, from below."""
    most = max((sum(column) for column in columns), default=0) or 1
    return element(
        "figure",
        element(
            "svg",
            *_bars(columns, classes, most),
            element("text", f"{most:,}", class_=SOFT, x=0, y=16),
            element("text", f"0 {unit}", class_=SOFT, x=0, y=HEIGHT),
            element("text", ends[0], class_=SOFT, x=LEFT, y=HEIGHT + 16),
            element("text", ends[1], class_=SOFT, x=WIDTH, y=HEIGHT + 16, text_anchor=Unquoted("end")),
            viewBox=f"0 0 {WIDTH} {HEIGHT + 22}", width=WIDTH, role=Unquoted("img"),
        ),
        class_=Unquoted("fits"),
    )  # fmt: skip


def _bars(columns: Sequence[Sequence[int]], classes: Sequence[str], most: int) -> Iterator[Markup]:
    step = (WIDTH - LEFT) / max(len(columns), 1)
    for place, column in enumerate(columns):
        top = float(HEIGHT)
        for name, count in zip(classes, column, strict=True):
            size = count / most * (HEIGHT - 10)
            top -= size
            if count:
                yield element(
                    "rect", element("title", f"{count} {name.replace('-', ' ')}"), class_=name, stroke="none",
                    x=f"{LEFT + place * step:.1f}", y=f"{top:.1f}", width=f"{max(step - 1, 0.6):.1f}",
                    height=f"{size:.1f}",
                )  # fmt: skip


def legend(classes: Sequence[tuple[str, str]]) -> Markup:
    """Return the colours of classes, each with its text."""
    return element("figcaption", *(part for name, text in classes for part in _legend_entry(name, text)))


def _legend_entry(name: str, text: str) -> Iterator[str | Markup]:
    yield element("svg", element("rect", class_=name, width=10, height=10), width=12, height=10)
    yield f" {text} "
    yield NO_BREAK_SPACE
    yield " "
