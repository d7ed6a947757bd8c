"""Pieces of a page that is read offline: tables, bars over time; everything that comes from a capture is escaped."""

from __future__ import annotations

import html
from collections.abc import Iterable, Sequence

from nldissect.escapes import visible

STYLE = """
:root { color-scheme: light dark; --ink: #1b1f24; --soft: #5b6570; --line: #d5dae0; --page: #ffffff; --tint: #f3f5f8;
  --kernel: #0b6bcb; --user: #1a7f37; --notification: #8250df; --other: #9a6700; --error: #c0232c; }
@media (prefers-color-scheme: dark) { :root { --ink: #e6e9ed; --soft: #9aa4b0; --line: #343b44; --page: #14171b;
  --tint: #1d2228; --kernel: #58a6ff; --user: #56d364; --notification: #bc8cff; --other: #e3b341; --error: #ff7b72; } }
body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--page); max-width: 1200px;
  margin: 2em auto; padding: 0 1.5em; }
h1 { font-size: 1.5em; margin-bottom: 0; } h2 { font-size: 1.15em; margin: 2em 0 .5em; }
p, figcaption { color: var(--soft); margin: .3em 0; }
figure { margin: 0; overflow-x: auto; } .fits svg { max-width: 100%; height: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
th { text-align: left; color: var(--soft); font-weight: 600; }
th, td { padding: .2em 1em .2em 0; vertical-align: top; border-bottom: 1px solid var(--line); }
td.right, th.right { text-align: right; white-space: nowrap; }
td.whole { white-space: nowrap; } td.long { min-width: 14em; }
td.code { font-family: ui-monospace, monospace; font-size: .92em; min-width: 16em; overflow-wrap: anywhere; }
.bar { display: inline-block; height: .7em; background: var(--kernel); border-radius: 2px; }
.error { color: var(--error); }
svg text { font: 11px ui-monospace, monospace; fill: var(--ink);
  stroke: var(--page); stroke-width: 3px; paint-order: stroke; }
svg text.soft { fill: var(--soft); } svg text.head { font: 600 12px system-ui, sans-serif; }
svg .post { stroke: var(--line); stroke-width: 1.5; }
.to-kernel { fill: var(--kernel); stroke: var(--kernel); } .to-user { fill: var(--user); stroke: var(--user); }
.notification { fill: var(--notification); stroke: var(--notification); }
.other { fill: var(--other); stroke: var(--other); }
.refused { fill: var(--error); stroke: var(--error); }
"""
"""Colours follow the browser's light or dark."""

Cell = str | tuple[str, str]
"""Text, or class and text; of the class "bar" a share of 1."""


def encoded(text: str) -> str:
    """Return text as it stands in a page, without markup, nor what a terminal acts on or a reader can't see."""
    return html.escape(visible(text))


def page(title: str, under: str, sections: Iterable[tuple[str, str]]) -> str:
    """The whole page; the sections are headings and HTML."""
    body = "".join(f"<section><h2>{encoded(name)}</h2>{inside}</section>\n" for name, inside in sections)
    return (
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{encoded(title)}</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<style>{STYLE}</style></head>\n<body><h1>{encoded(title)}</h1><p>{encoded(under)}</p>\n{body}</body></html>\n"
    )


def said(text: str) -> str:
    """A paragraph."""
    return f"<p>{encoded(text)}</p>"


def table(headings: Sequence[str], rows: Iterable[Sequence[Cell]]) -> str:
    """Headings that begin with ">" stand above columns of numbers."""
    right = [" class=right" if name.startswith(">") else "" for name in headings]
    head = "".join(f"<th{how}>{encoded(name.lstrip('>'))}</th>" for how, name in zip(right, headings, strict=True))
    lines = ("".join(map(_cell, row, right)) for row in rows)
    return f"<figure><table><tr>{head}</tr>{''.join(f'<tr>{line}</tr>' for line in lines)}</table></figure>"


def _cell(cell: Cell, how: str) -> str:
    if isinstance(cell, str):
        return f"<td{how}>{encoded(cell)}</td>"
    role, text = cell
    if role == "bar":
        return f'<td><span class=bar style="width:{120 * float(text):.0f}px"></span></td>'
    return f'<td class="{role}{" right" if how else ""}">{encoded(text)}</td>'


def bars(columns: Sequence[Sequence[int]], classes: Sequence[str], ends: tuple[str, str], unit: str) -> str:
    """Columns side by side, each of several parts, one of each class, from below."""
    width, height, left = 1100, 140, 60
    most = max((sum(column) for column in columns), default=0) or 1
    step = (width - left) / max(len(columns), 1)
    parts = []
    for place, column in enumerate(columns):
        top = float(height)
        for how, count in zip(classes, column, strict=True):
            size = count / most * (height - 10)
            top -= size
            if count:
                at = left + place * step
                parts.append(
                    f'<rect class="{how}" stroke="none" x="{at:.1f}" y="{top:.1f}" width="{max(step - 1, 0.6):.1f}" '
                    f'height="{size:.1f}"><title>{count} {how.replace("-", " ")}</title></rect>'
                )
    marks = (
        f"<text class=soft x=0 y=16>{most:,}</text><text class=soft x=0 y={height}>0 {encoded(unit)}</text>"
        f"<text class=soft x={left} y={height + 16}>{encoded(ends[0])}</text>"
        f"<text class=soft x={width} y={height + 16} text-anchor=end>{encoded(ends[1])}</text>"
    )
    room = f'viewBox="0 0 {width} {height + 22}" width={width}'
    return f"<figure class=fits><svg {room} role=img>{''.join(parts)}{marks}</svg></figure>"


def legend(classes: Sequence[tuple[str, str]]) -> str:
    """What the colours mean."""
    words = (
        f'<svg width=12 height=10><rect class="{how}" width=10 height=10 /></svg> {encoded(text)} &nbsp; '
        for how, text in classes
    )
    return f"<figcaption>{''.join(words)}</figcaption>"
