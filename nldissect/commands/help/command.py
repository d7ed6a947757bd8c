"""Body of `nldissect help`: the list of pages, or one page."""

from __future__ import annotations

import argparse
import sys

from nldissect.terminal.colors import STYLES
from nldissect.terminal.pager import show_in_pager

from ..exit_status import DONE
from .pages import PAGES, page_text


def show_help(options: argparse.Namespace) -> int:
    """Print the list of pages, or show one page; return the exit status."""
    if options.page is None:
        width = max(map(len, PAGES))
        sys.stdout.writelines(f"{name:<{width}}  {line}\n" for name, line in PAGES.items())
        return DONE
    text = page_text(options.page)
    if sys.stdout.isatty():
        show_in_pager(_formatted(text))
    else:
        sys.stdout.write(text)
    return DONE


def _formatted(text: str) -> str:
    """Return Markdown as text for this terminal, in its width, with colours unless NO_COLOR is set."""
    from rich.console import Console
    from rich.markdown import Markdown
    from rich.theme import Theme

    plain_background = Theme({"markdown.code": STYLES["name"], "markdown.code_block": STYLES["name"]})
    console = Console(file=sys.stdout, theme=plain_background)
    with console.capture() as captured:
        console.print(Markdown(text, code_theme="ansi_dark", hyperlinks=False))
    return captured.get()
