"""The command line: streams, one command (`commands/`), and errors as exit statuses."""

from __future__ import annotations

import argparse
import errno
import gc
import os
import sys
from collections.abc import Sequence
from importlib import import_module

from nldissect.commands import parser
from nldissect.commands.exit_status import DONE, USAGE
from nldissect.commands.platforms import need_linux
from nldissect.errors import NldissectError, print_notice
from nldissect.interrupts import INTERRUPTED, raise_again
from nldissect.scapy_host import leave_out

READERS = ("changes", "exchanges", "export", "read", "state", "stats")
"""Commands that read files and do nothing else."""
UNWRITABLE = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EAGAIN, errno.EBADF)
"""Errors of writes to standard output, a file or a device; other errors of the system are bugs of ours."""
GC_THRESHOLD = 100_000
"""New objects after which Python looks for garbage in cycles: imports make as many, and none of them is garbage."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command; return the exit status.

    arguments   words of the command line, without the program's name; None: those of the process
    """
    raise_again()
    _have_streams()
    try:
        if arguments is None:
            gc.set_threshold(GC_THRESHOLD)
        given = sys.argv[1:] if arguments is None else arguments
        if given and given[0].startswith(("--extcap-", "--capture")):
            need_linux("capturing")
            from nldissect.commands.extcap import extcap

            return extcap(given)
        options = parser(given[0] if given else "").parse_args(given)
        _join_logs(options)
        if arguments is None and options.command != "shell":
            leave_out(interfaces=options.command in READERS)
        if getattr(options, "ynl", ()):
            _use_specifications(options.ynl)
        status: int = import_module(f"nldissect.commands.{options.command}").run(options)
        sys.stdout.flush()
    except NldissectError as error:
        status = _complain(error)
    except BrokenPipeError:  # the reader has seen enough (`| head`)
        _discard_output()
        status = DONE
    except OSError as error:
        if error.errno not in UNWRITABLE or error.filename is not None:
            raise
        _discard_output()
        status = _complain(f"can't write standard output: {error.strerror}; what was written is not all")
    except KeyboardInterrupt:
        status = INTERRUPTED
    return status


def _have_streams() -> None:
    """Open standard streams that the caller closed: a capture file must not get their file descriptors."""
    for number, name in enumerate(("stdin", "stdout", "stderr")):
        if getattr(sys, name) is None:
            nowhere = os.open(os.devnull, os.O_RDWR)
            if nowhere != number:
                os.dup2(nowhere, number)
                os.close(nowhere)
            setattr(sys, name, open(number, "w" if number else "r", closefd=False))  # noqa: SIM115
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]


def _discard_output() -> None:
    """Redirect standard output to /dev/null, where the rest of its buffer goes."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)


def _use_specifications(paths: list[str]) -> None:
    """Load the YNL specifications that --ynl names, which then decode their families."""
    from nldissect.ynl import use

    for path in paths:
        use(path)


def _join_logs(options: argparse.Namespace) -> None:
    """Join logs that `strace -ff` wrote, one per thread, into one capture."""
    files: list[str] = getattr(options, "files", None) or []
    if len(files) > 1 and sum(name.rpartition(".")[2].isdecimal() for name in files) > 1:
        from nldissect.capfile.strace.per_thread import together

        options.files = together(files)


def _complain(complaint: str | NldissectError) -> int:
    """Print an error message after the output so far; return the exit status of wrong use."""
    try:
        sys.stdout.flush()
    except OSError:
        _discard_output()
    print_notice(complaint)
    return USAGE
