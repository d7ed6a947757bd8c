"""Body of `nldissect exchanges`: exchanges of one or several files as text (`text`) or as JSON (`objects`)."""

from __future__ import annotations

import argparse
import heapq
import sys
from collections.abc import Iterator
from contextlib import ExitStack, closing
from operator import attrgetter

from nldissect.columns.blocks.merged_numbers import merged_numbers, merged_ranks
from nldissect.errors import FileError, print_notice
from nldissect.filters import compile_filter
from nldissect.render.json_text import encode
from nldissect.render.refusal_choice import asks_errors

from ..exit_status import DONE, INCOMPLETE
from ..netns import check_netns
from ..reading import report_hidden
from .exchange_file import ExchangeFile, FoundExchange
from .objects import exchange_object
from .text import ExchangePrinter

RESULT_FIELD = "exchange.result"


def exchanges(options: argparse.Namespace) -> int:
    """Run the command; return the exit status."""
    if options.files.count("-") > 1:
        raise FileError("standard input can be read once only; name it once")
    with ExitStack() as stack:
        files = [stack.enter_context(closing(ExchangeFile(path, options))) for path in options.files]
        for file in files:
            file.find()
        check_netns((one for file in files for one in file.interfaces), options)
        if len(files) > 1:
            _number(files)
        found = _wanted(files, options)
        decimals = max(file.decimals for file in files)
        if options.format == "json":
            _print_objects(found, decimals, len(files) > 1)
        else:
            first = min((file.first for file in files if file.first is not None), default=None)
            printer = ExchangePrinter(options, files, first, decimals)
            for exchange in found:
                printer.show(exchange)
            printer.end()
        cuts = [cut for file in files if (cut := file.cut)]
    sys.stdout.flush()
    report_hidden(sum(file.hidden for file in files), options)
    for cut in cuts:
        print_notice(cut)
    return INCOMPLETE if cuts else DONE


def _number(files: list[ExchangeFile]) -> None:
    """Set the numbers of the frames and exchanges of several files, in order of time."""
    begin = min((file.first for file in files if file.first is not None), default=None)
    for file, numbers in zip(files, merged_numbers([file.times for file in files]), strict=True):
        file.merged, file.begin = numbers, begin
    for file, numbers in zip(files, merged_ranks([file.order_keys() for file in files]), strict=True):
        file.found.merged = numbers


def _wanted(files: list[ExchangeFile], options: argparse.Namespace) -> Iterator[FoundExchange]:
    """Yield the exchanges to show, in the order of their beginnings."""
    found = []
    for file in files:
        wanted = file.wanted()
        if options.format == "text" and _explains(options):
            file.explain(wanted)
        found.append(file.exchanges(wanted))
    return found[0] if len(found) == 1 else heapq.merge(*found, key=attrgetter("order"))


def _explains(options: argparse.Namespace) -> bool:
    """Return whether the filter asks for errors, so that refusals are explained."""
    if options.filter is None:
        return False
    return asks_errors((one.name for one in compile_filter(options.filter).fields), RESULT_FIELD)


def _print_objects(found: Iterator[FoundExchange], decimals: int, several: bool) -> None:
    """Print a JSON array."""
    count = 0
    sys.stdout.write("[")
    for exchange in found:
        sys.stdout.write((",\n" if count else "\n") + encode(exchange_object(exchange, decimals, several)))
        count += 1
    sys.stdout.write("\n]\n" if count else "]\n")
