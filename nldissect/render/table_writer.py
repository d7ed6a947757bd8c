"""Parquet or Arrow file that is written group by group, and gets its name only when it is complete."""

from __future__ import annotations

import contextlib
import os
import stat
import tempfile
from types import TracebackType
from typing import Any, Self

from nldissect.capfile.byte_source import one_line
from nldissect.errors import FileError, NldissectError
from nldissect.optional import library
from nldissect.sizes import SIZES

ROWS = 1 << 16
"""Rows of a group at which it is written, or at SIZES.export_group bytes."""
ENDINGS = (".parquet", ".arrow")


def check_name(path: str) -> None:
    """Raise NldissectError if a name does not have the ending of a format, FileError if it is no regular file."""
    name = one_line(path)
    if not path.lower().endswith(ENDINGS):
        raise NldissectError(f"the last name, {name}, is the file to write; end it in .parquet or .arrow")
    with contextlib.suppress(FileNotFoundError):
        if not stat.S_ISREG(os.stat(path).st_mode):
            raise FileError(f"{name} is no regular file; choose another name")


class TableWriter:
    """A table while it is written: `with TableWriter(path, schema) as sink: sink.put(table)`.

    After an error the earlier file at `path` is still there.
    """

    def __init__(self, path: str, schema: Any) -> None:
        self._name = one_line(path)
        self._path = os.path.realpath(path)
        self._waiting: list[Any] = []
        self._writer: Any = None
        try:
            self._file = tempfile.NamedTemporaryFile(  # noqa: SIM115
                dir=os.path.dirname(self._path), prefix=os.path.basename(path) + ".", delete=False
            )
        except OSError as error:
            raise self._failed(error) from None
        try:
            self._writer = _writer(self._file, schema, path)
        except BaseException:
            self._discard()
            raise

    def put(self, table: Any) -> None:
        """Add rows."""
        self._waiting.append(table)
        rows = sum(one.num_rows for one in self._waiting)
        if rows >= ROWS or sum(one.nbytes for one in self._waiting) >= SIZES.export_group:
            self._flush()

    def _flush(self) -> None:
        if self._waiting:
            table = library("pyarrow").concat_tables(self._waiting)
            self._waiting = []
            try:
                self._writer.write_table(table)
            except OSError as error:
                raise self._failed(error) from None

    def _failed(self, error: OSError) -> FileError:
        return FileError(f"can't write {self._name}: {error.strerror or error}; choose another place")

    def _discard(self) -> None:
        os.ftruncate(self._file.fileno(), 0)
        if self._writer is not None:
            with contextlib.suppress(OSError):
                self._writer.close()  # which it would try later by itself, and complain
        self._file.close()
        os.unlink(self._file.name)

    def _finish(self) -> None:
        self._flush()
        try:
            self._writer.close()
            with contextlib.suppress(FileNotFoundError):
                os.chmod(self._file.name, stat.S_IMODE(os.stat(self._path).st_mode))
            self._file.flush()
            os.replace(self._file.name, self._path)
            self._file.close()
        except OSError as error:
            raise self._failed(error) from None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if error is None:
                self._finish()
        finally:
            if not self._file.closed:
                self._discard()


def _writer(file: Any, schema: Any, path: str) -> Any:
    if path.lower().endswith(".parquet"):
        return library("pyarrow.parquet").ParquetWriter(file, schema, compression="zstd")
    ipc = library("pyarrow.ipc")
    return ipc.new_file(file, schema, options=ipc.IpcWriteOptions(compression="zstd"))
