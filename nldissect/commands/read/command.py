"""Body of `nldissect read`: frames from files in the output format of the options."""

from __future__ import annotations

import argparse
import contextlib
import os
import stat
import sys
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from nldissect.capfile.reopenable import readable_twice
from nldissect.errors import FileError, NldissectError, print_notice
from nldissect.render.formats import FORMATS
from nldissect.render.refusal_choice import asks_errors
from nldissect.sizes import SIZES

from ..exit_status import DONE, INCOMPLETE
from ..reading import (
    asks_for_text,
    check_display_options,
    explains_errors,
    report_hidden,
    requested_filter,
)

if TYPE_CHECKING:
    from nldissect.filters import Filter
    from nldissect.render.native.cell_program import CellProgram
    from nldissect.render.native.filter_program import FilterProgram
    from nldissect.stream.pasted import PastedCapture


def read(options: argparse.Namespace) -> int:
    """Run the command; return the exit status."""
    _check(options)
    library = None if options.engine == "walk" else _library(options)
    cells = None if library is None else _cell_program(options, library)
    if library is not None and (not _suits_native(options) or (_prints_cells(options) and cells is None)):
        library = cells = None
    program = None if library is None else _filter_program(options, library, cells)
    if program is not None and _explains_once(options, program.names):
        library = program = None
    if library is not None and program is not None:
        from nldissect.render.native import read_job

        count, cut, hidden = read_job.read(options, program, library, _live(options.files), cells)
        return _status([cut] if cut else [], options, count, hidden)
    wanted = requested_filter(options)
    if wanted is not None and _explains_once(options, (one.name for one in wanted.fields)):
        library = None
        if options.engine == "native":
            raise NldissectError(
                "the native core finds reasons of refusals in what can be read twice; save it to a file"
            )
    if options.engine == "walk":
        return _read_frames(options, wanted)
    if options.engine == "native":
        _check_native(options, library)
    if cells is None and _suits_columns(options):
        from nldissect.render.columnar import extract_job

        count, cut, hidden = extract_job.read(options, wanted, _prints(options))
        return _status([cut] if cut else [], options, count, hidden)
    if library is not None and (wanted is None or _pays(options)):
        from nldissect.render.native import read_job

        count, cut, hidden = read_job.read(options, wanted, library, _live(options.files), cells)
        return _status([cut] if cut else [], options, count, hidden)
    return _read_frames(options, wanted)


def _read_frames(options: argparse.Namespace, wanted: Filter | None) -> int:
    """Read frame by frame, by the message engine; return the exit status."""
    from nldissect.render.printer import Printer
    from nldissect.stream.frames import FrameStream, merged, visible_part, with_progress
    from nldissect.stream.message_contexts import MessageContextBuilder, filter_frame
    from nldissect.stream.rewrite import Rewriter

    captures = [FrameStream(path, dict(options.families), options.order) for path in sources(options)]
    live = _live(options.files)
    with contextlib.ExitStack() as stack:
        out = stack.enter_context(Rewriter(options.out, captures, options.redact)) if options.out else None
        printer = stack.enter_context(Printer(options, live=live)) if _prints(options) else None
        if printer is not None and explains_errors(options, wanted):
            printer.explain()
        situations = MessageContextBuilder()
        count = 0
        frames = (
            merged(captures) if options.pasted or live else with_progress(captures, options.files, printer is not None)
        )
        for seen in frames:
            situations.meet(seen)
            shown = visible_part(seen, options.own or out is not None)
            if shown is not None and wanted is not None:
                shown = filter_frame(wanted, shown, situations)
            if shown is None:
                if printer is not None:
                    printer.pass_over(seen)
                continue
            count += 1
            if out is not None:
                out.write(seen)
            if printer is not None:
                printer.show(shown)
            if count == options.count:
                return DONE
    cuts = [cut for capture in captures if (cut := capture.finish())]
    sys.stdout.flush()
    for capture in captures:
        if capture.reader.remark:
            print_notice(f"{capture.reader.name}: {capture.reader.remark}")
    return _status(cuts, options, count, sum(capture.reader.hidden for capture in captures))


def sources(options: argparse.Namespace) -> Sequence[str | PastedCapture]:
    """Return what is to be read: the files, or with --hex the bytes pasted into them."""
    if not options.pasted:
        files: list[str] = options.files
        return files
    from nldissect.stream.pasted import pasted, protocol_number

    protocol = protocol_number(options.protocol or "ROUTE")
    return [pasted(path, protocol) for path in options.files]


def _suits_columns(options: argparse.Namespace) -> bool:
    """Return whether the block engine does the whole job for one large file: fields that the core leaves, -q and -w."""
    if options.pasted or options.redact or len(options.files) != 1 or not _is_large(options.files[0]):
        return False
    return FORMATS[options.format].needs_fields if _prints(options) else options.filter is not None


def _library(options: argparse.Namespace) -> str | None:
    """Return the path of the native core's library if it may make the output, else None.

    A notice says why a large file is read without the core.
    """
    if options.out or options.pasted or len(options.files) != 1:
        return None
    counts = options.quiet and options.filter is not None
    decorated = sys.stdout.isatty() and not _prints_cells(options)
    if not counts and (options.hex or options.quiet or decorated or FORMATS[options.format].native is None):
        return None
    from nldissect.native.loader import usable_library

    library = usable_library()
    if library.path is None and not counts and _size(options.files[0]) >= library.silent_below:
        print_notice(f"without the native core this takes longer: {library.reason}")
    return library.path


def _pays(options: argparse.Namespace) -> bool:
    """Return whether NumPy is loaded for a filter that the core can't decide: for a large file, or with --engine."""
    return _size(options.files[0]) >= SIZES.numpy_from or options.engine is not None


def _filter_program(options: argparse.Namespace, library: str, cells: CellProgram | None) -> FilterProgram | None:
    """Return the filter compiled for the core, None if the core can't decide it or there is none."""
    if options.filter is None:
        return None
    from nldissect.render.native.filter_program import stored_filter_program

    return stored_filter_program(options.filter, library, None if cells is None else cells.file)


def _prints_cells(options: argparse.Namespace) -> bool:
    return FORMATS[options.format].needs_fields and not options.quiet


def _cell_program(options: argparse.Namespace, library: str) -> CellProgram | None:
    """Return the fields of `-T fields` and `-T csv` compiled for the core, None if the core can't write them."""
    if not _prints_cells(options):
        return None
    from nldissect.native.program_file import usable_tables
    from nldissect.render.field_cells import cell_format
    from nldissect.render.native.cell_program import compile_cells

    file = usable_tables(library)
    if file is None:
        return None
    try:
        return compile_cells(options.fields, cell_format(options.format, options.layout), file)
    except NldissectError:
        return None  # the engine that writes them reports the mistake in -E


def _check_native(options: argparse.Namespace, usable: str | None) -> None:
    """Raise NldissectError if the native core can't make the output.

    usable   path of the library if it can, else None
    """
    from nldissect.native.loader import usable_library

    library = usable_library()
    if library.path is None:
        raise NldissectError(f"--engine native: there is no native core; {library.reason}")
    if usable is None:
        _check_fields(options)
        what = "list, -V, -T ndjson, -T json and most fields of -T fields of one capture, in UTF-8, not on a terminal"
        raise NldissectError(f"the native core makes {what}; leave out --engine native")


def _check_fields(options: argparse.Namespace) -> None:
    """Raise NldissectError if a field or an option of -E is a mistake."""
    if _prints_cells(options):
        from nldissect.render.field_cells import cell_format
        from nldissect.render.field_rows import Extractor

        Extractor(options.fields, cell_format(options.format, options.layout))


def _suits_native(options: argparse.Namespace) -> bool:
    from nldissect.render.native.read_job import suits_core

    return suits_core(options)


def _size(path: str) -> int:
    """Return the bytes of a file, 0 if it can't be examined."""
    try:
        return os.stat(path).st_size
    except OSError:
        return 0


def _is_large(path: str) -> bool:
    """Return whether a path is a regular file, which can be read twice, of SIZES.numpy_from bytes or more."""
    return readable_twice(path) and _size(path) >= SIZES.numpy_from


def _explains_once(options: argparse.Namespace, names: Iterable[str]) -> bool:
    """Return whether a list gives reasons of refusals, and is of what can't be read twice: then the core has none.

    names   of the filter's fields
    """
    lists = not options.quiet and not asks_for_text(options)
    return lists and asks_errors(names) and not readable_twice(options.files[0])


def _check(options: argparse.Namespace) -> None:
    check_display_options(options)
    if options.protocol is not None and not options.pasted:
        raise NldissectError("--protocol goes with --hex; a capture says itself which protocol it holds")
    if options.files.count("-") > 1:
        raise FileError("standard input can be read once only; name it once")
    if options.redact and options.out is None:
        raise NldissectError("--redact goes with -w OUT; what is printed has no keys in it, see --show-secrets")
    if any(_same(path, options.out) for path in options.files):
        raise FileError(f"{options.out} is being read; write to another file")


def _same(path: str, out: str | None) -> bool:
    try:
        return out is not None and "-" not in (path, out) and os.path.samefile(path, out)
    except OSError:
        return False


def _prints(options: argparse.Namespace) -> bool:
    """Return whether text is printed: not with -q, and with -w only if an option asks for text."""
    return not options.quiet and (not options.out or asks_for_text(options))


def _live(paths: list[str]) -> bool:
    """Return whether the input may pause (standard input that is no file), so that lines must not wait for more."""
    try:
        return "-" in paths and not stat.S_ISREG(os.fstat(0).st_mode)
    except OSError:
        return True


def _status(cuts: list[str], options: argparse.Namespace, count: int, hidden: int) -> int:
    """Print where files were cut and how many frames are hidden; return the exit status.

    count   number of frames that passed the filter
    """
    sys.stdout.flush()
    if _prints(options) and not options.out:
        report_hidden(hidden, options)
    for cut in cuts:
        print_notice(cut)
    if cuts:
        return INCOMPLETE
    return INCOMPLETE if options.quiet and options.filter is not None and not count else DONE
