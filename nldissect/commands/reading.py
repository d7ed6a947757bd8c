"""Evaluation of the options of commands that show messages: the filter, the output format, notices of hidden frames."""

from __future__ import annotations

import argparse
import sys
from typing import TYPE_CHECKING

from nldissect.errors import NldissectError, print_notice
from nldissect.render.formats import FORMATS

if TYPE_CHECKING:
    from nldissect.filters import Filter


def check_display_options(options: argparse.Namespace) -> None:
    """Raise NldissectError if the options contradict each other."""
    if options.hex and options.format != "text":
        raise NldissectError("-x shows bytes beside text; leave out -T")
    if options.tree and options.format != "text":
        raise NldissectError(f"-V is text, -T {options.format} has every field anyway; choose one")
    needs_fields = FORMATS[options.format].needs_fields
    if needs_fields and not options.fields:
        raise NldissectError(f"-T {options.format} prints the fields you name; add some, like -e nlmsg_type")
    for option, given in (("-e", options.fields), ("-E", options.layout)):
        if given and not needs_fields:
            names = " or ".join(f"-T {name}" for name, format in FORMATS.items() if format.needs_fields)
            raise NldissectError(f"{option} goes with {names}; add one of them")
    if options.out == "-" and asks_for_text(options):
        raise NldissectError("-w - needs standard output for itself; leave out -V, -x and -T")
    if options.command == "capture" and options.print:
        if options.quiet:
            raise NldissectError("-q shows nothing and --print shows all; choose one")
        if options.out == "-":
            raise NldissectError("-w - needs standard output for itself; leave out --print")
    if options.command == "capture" and options.out == "-" and options.filter is not None:
        raise NldissectError("-Y limits what is shown, and -w - shows nothing; -f limits what is captured")
    if options.out == "-" and sys.stdout.isatty():
        raise NldissectError("-w - would write binary data to this terminal; redirect it")


def requested_filter(options: argparse.Namespace, rereadable: bool = True) -> Filter | None:
    """Return the filter of -Y; FilterError if it is invalid, or needs a second pass over what can be read only once."""
    if options.filter is None:
        return None
    from nldissect.columns.blocks.whole_capture import no_second_pass, second_pass_field
    from nldissect.filters import compile_filter

    wanted = compile_filter(options.filter)
    asked = second_pass_field([*(one.name for one in wanted.fields), *options.fields])
    if asked is not None and not rereadable:
        raise no_second_pass(asked.partition(".")[0])
    return wanted


def explains_errors(options: argparse.Namespace, wanted: Filter | None) -> bool:
    """Return whether refusals in a list are explained: if the filter asks for errors."""
    if wanted is None or options.tree or options.hex or options.format != "text":
        return False
    from nldissect.render.refusal_choice import asks_errors

    return asks_errors(one.name for one in wanted.fields)


def asks_for_text(options: argparse.Namespace) -> bool:
    """Return whether the options ask for an output format other than the list."""
    return bool(options.tree or options.hex or options.format != "text")


def report_hidden(hidden: int, options: argparse.Namespace) -> None:
    """Print the number of frames hidden as the capture's own, which explains gaps in frame numbers."""
    if hidden and not options.own:
        frames = "a frame" if hidden == 1 else f"{hidden} frames"
        print_notice(f"{frames} of the capture itself not shown; --own shows them")
