"""The pages of the help: their names, their lines in the list, their text."""

from __future__ import annotations

from pathlib import Path

FOLDER = Path(__file__).resolve().parents[2] / "help"

PAGES = {
    "filters": "choose messages by fields, with the kernel's names; completion",
    "capture": "record traffic: devices, groups, namespaces, processes, one command",
    "viewer": "list, tree and bytes on a screen: keys, settings",
    "files": "read and write capture files; output formats; logs of strace",
    "report": "statistics, exchanges, changes, notes",
    "json": "messages as JSON: keys and values",
    "python": "captures as columns, Scapy, sockets, a fake kernel, sending",
    "families": "add a family or a protocol of your own",
    "contributing": "the source: structure, rules, a map of all modules",
    "changes": "what changed for users, by version",
}
"""Pages and their line in the list, in its order. To add a page: write help/NAME.md, add a line here and in README."""


def page_text(name: str) -> str:
    """Return the Markdown of a page."""
    return (FOLDER / f"{name}.md").read_text(encoding="utf-8")
