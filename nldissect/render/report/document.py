"""The page as a document: its head with the style sheet, headings, sections, paragraphs."""

from __future__ import annotations

from collections.abc import Iterable

from .element import DOCTYPE, NEWLINE, Markup, element, fragment

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


def document(title: str, under: str, sections: Iterable[tuple[str, Markup]]) -> Markup:
    """Return the whole page; `under` stands below its title, the sections are headings and contents."""
    head = element(
        "head",
        element("meta", charset="utf-8"),
        element("title", title),
        element("meta", name="viewport", content="width=device-width, initial-scale=1"),
        element("style", STYLE),
    )
    parts = [part for name, inside in sections for part in (_section(name, inside), NEWLINE)]
    body = element("body", element("h1", title), paragraph(under), NEWLINE, *parts)
    return fragment(DOCTYPE, NEWLINE, element("html", head, NEWLINE, body, lang="en"), NEWLINE)


def _section(heading: str, inside: Markup) -> Markup:
    return element("section", element("h2", heading), inside)


def paragraph(text: str) -> Markup:
    return element("p", text)
