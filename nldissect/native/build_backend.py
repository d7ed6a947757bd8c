"""The build of nldissect (PEP 517): setuptools', and the core in C compiled into a shared library.

With the library goes the program file: all tables flattened, made by importing them, for which the build needs Scapy.

Without a compiler the packager is asked for ziglang, which brings one as a wheel. Where that has no wheel either, or
where compiling fails, the package is built without the library, and one line reports it: the message engine does the
same without it. NLDISSECT_NATIVE=0 leaves the library out; CC, CFLAGS and LDFLAGS choose how it is compiled.

Imports nothing of nldissect, which is not there yet: its folder alone is on the path (backend-path of pyproject.toml).
"""

from __future__ import annotations

import base64
import hashlib
import importlib.util
import os
import platform
import shlex
import shutil
import subprocess
import sys
import sysconfig
import tempfile
import zipfile
from pathlib import Path
from typing import Any

from setuptools import build_meta
from setuptools.build_meta import (
    build_sdist,
    get_requires_for_build_sdist,
    prepare_metadata_for_build_editable,
    prepare_metadata_for_build_wheel,
)

__all__ = [
    "build_editable",
    "build_sdist",
    "build_wheel",
    "get_requires_for_build_editable",
    "get_requires_for_build_sdist",
    "get_requires_for_build_wheel",
    "prepare_metadata_for_build_editable",
    "prepare_metadata_for_build_wheel",
]

HERE = Path(__file__).resolve().parent
LIBRARY, PROGRAM = "libnldissect.so", "program.bin"
SCAPY = "scapy>=2.7"
"""As in pyproject.toml."""
ZIG = "ziglang==0.17.*"
ZIG_WHEELS = {"x86_64": (2, 12), "aarch64": (2, 17), "ppc64le": (2, 17), "riscv64": (2, 31)}
"""Machines that ziglang 0.17 has a wheel for, and the least glibc it needs; all of them for musl too."""
ZIG_NAMES = {"ppc64le": "powerpc64le"}
FLAGS = [
    "-O2", "-g0", "-fPIC", "-shared", "-fvisibility=hidden",
    # No libc: mem* are found in the one of the process, so that one library serves glibc and musl.
    "-ffreestanding", "-nostdlib", "-fno-stack-protector",
    # The same library wherever it is built.
    f"-ffile-prefix-map={HERE}=.", "-Wl,--build-id=none",
]  # fmt: skip

Settings = dict[str, Any] | None


def get_requires_for_build_wheel(config_settings: Settings = None) -> list[str]:
    """Return the requirements of setuptools, Scapy, and a compiler where there is none."""
    return [*build_meta.get_requires_for_build_wheel(config_settings), *_wanted()]


def get_requires_for_build_editable(config_settings: Settings = None) -> list[str]:
    """Return the requirements of setuptools, Scapy, and a compiler where there is none."""
    return [*build_meta.get_requires_for_build_editable(config_settings), *_wanted()]


def build_wheel(wheel_directory: str, config_settings: Settings = None, metadata_directory: str | None = None) -> str:
    """Build the wheel, for this platform if it holds the library, else for any; return its name."""
    os.environ.setdefault("SOURCE_DATE_EPOCH", "315532800")  # two builds give one file; ZIP begins in 1980
    with tempfile.TemporaryDirectory() as scratch:
        library = compile_library(Path(scratch))
        if library is None:
            return str(build_meta.build_wheel(wheel_directory, config_settings, metadata_directory))
        added = [library, *filter(None, [make_program(Path(scratch))])]
        name = build_meta.build_wheel(scratch, config_settings, metadata_directory)
        return _with_files(Path(scratch, name), added, Path(wheel_directory)).name


def build_editable(
    wheel_directory: str, config_settings: Settings = None, metadata_directory: str | None = None
) -> str:
    """Build the wheel that leads to the sources, and the library next to them; return the wheel's name."""
    with tempfile.TemporaryDirectory(dir=HERE, prefix=".build-") as scratch:
        library = compile_library(Path(scratch))
        program = None if library is None else make_program(Path(scratch), "dated")
        for name, made in ((LIBRARY, library), (PROGRAM, program)):
            if made is None:
                (HERE / name).unlink(missing_ok=True)
            else:
                made.replace(HERE / name)  # running programs keep the old one
    return str(build_meta.build_editable(wheel_directory, config_settings, metadata_directory))


def source_hash(folder: Path) -> str:
    """Return the SHA-256 of the C sources in a folder, with their names (abi.py computes the same)."""
    total = hashlib.sha256()
    for path in sorted([*folder.glob("*.c"), *folder.glob("*.h")]):
        total.update(b"%s\0%d\0" % (path.name.encode(), path.stat().st_size) + path.read_bytes())
    return total.hexdigest()


def compile_library(scratch: Path) -> Path | None:
    """Compile the core into a folder; return the library, or None after printing one line with the reason."""
    reason = _unfit() or _compiled(scratch / LIBRARY)
    if reason:
        print(f"nldissect: built without the native core, large captures take longer: {reason}", file=sys.stderr)
    return None if reason else scratch / LIBRARY


def make_program(scratch: Path, *options: str) -> Path | None:
    """Make the program file in a folder; return it, or None after printing one line with the reason.

    options   those of nldissect/render/native/program_writer.py
    """
    program = scratch / PROGRAM
    line = [sys.executable, "-m", "nldissect.render.native.program_writer", str(program), *options]
    path = os.pathsep.join(filter(None, [str(HERE.parent.parent), os.environ.get("PYTHONPATH")]))  # pip's is there
    environment = {**os.environ, "PYTHONPATH": path, "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(line, cwd=scratch, env=environment, capture_output=True, encoding="utf-8", errors="replace")
    if done.returncode == 0:
        return program
    reason = [f"exit status {done.returncode}", *done.stderr.splitlines()][-1]
    print(f"nldissect: built without the program file, each start takes longer: {reason}", file=sys.stderr)
    return None


def _compiled(library: Path) -> str:
    """Compile the core; return the reason why it can't be, "" if it is compiled."""
    command = _compiler()
    if command is None:
        return "no C compiler (CC, cc, gcc, clang, or the package ziglang)"
    options = [*FLAGS, *shlex.split(os.environ.get("CFLAGS", "")), f'-DNL_SOURCES="{source_hash(HERE)}"']
    sources = sorted(path.name for path in HERE.glob("*.c"))
    line = [*command, *options, "-o", str(library), *sources, *shlex.split(os.environ.get("LDFLAGS", ""))]
    caches = dict.fromkeys(("ZIG_LOCAL_CACHE_DIR", "ZIG_GLOBAL_CACHE_DIR"), str(library.parent / "cache"))
    environment = {**os.environ, **caches}
    try:
        done = subprocess.run(line, cwd=HERE, env=environment, capture_output=True, encoding="utf-8", errors="replace")
    except OSError as error:
        return f"{command[0]}: {error.strerror}"
    errors = [told for told in done.stderr.splitlines() if "error" in told]
    return f"{command[0]}: {[*errors, f'exit status {done.returncode}'][0]}" if done.returncode else ""


def _unfit() -> str:
    """Return the reason why the core is not for this build; "" if it is."""
    if os.environ.get("NLDISSECT_NATIVE") == "0":
        return "NLDISSECT_NATIVE=0"
    if not (sys.platform == "linux" and sys.byteorder == "little" and sys.maxsize > 1 << 32):
        return "it wants Linux on a little-endian machine of 64 bits"
    return ""


def _compiler() -> list[str] | None:
    """Return the command that compiles C; None if there is none."""
    if os.environ.get("CC"):
        return shlex.split(os.environ["CC"])
    found = next(filter(None, map(shutil.which, ("cc", "gcc", "clang"))), None)
    if found is not None:
        return [found]
    if importlib.util.find_spec("ziglang") is None:
        return None
    machine = platform.machine()  # without a target it would compile for this very processor
    target = f"{ZIG_NAMES.get(machine, machine)}-linux-musl"
    return [sys.executable, "-m", "ziglang", "cc", "-target", target]


def _wanted() -> list[str]:
    """Return the requirements of the core: Scapy to flatten the tables; a compiler, if it is missing and exists."""
    if _unfit():
        return []
    if _compiler() is not None:
        return [SCAPY]
    least = ZIG_WHEELS.get(platform.machine())
    return [SCAPY, ZIG] if least is not None and _glibc() >= least else []


def _glibc() -> tuple[int, ...]:
    """Return the version of glibc; without glibc a version above all, as the library is musl then."""
    try:
        name, version = (os.confstr("CS_GNU_LIBC_VERSION") or "").split()
    except (ValueError, OSError):
        return (1 << 16,)
    return tuple(map(int, version.split(".")[:2])) if name == "glibc" else (1 << 16,)


def _with_files(pure: Path, added: list[Path], folder: Path) -> Path:
    """Write a wheel of this platform with the content of another, and files next to the core; return its path."""
    tag = sysconfig.get_platform().replace("-", "_").replace(".", "_")
    target = folder / pure.name.replace("-py3-none-any.whl", f"-py3-none-{tag}.whl")
    with zipfile.ZipFile(pure) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as new:
        record = next(one for one in old.infolist() if one.filename.endswith(".dist-info/RECORD"))
        lines = []
        for entry in old.infolist():
            if entry is record:
                continue
            data = old.read(entry)
            if entry.filename.endswith(".dist-info/WHEEL"):
                data = data.replace(b"Root-Is-Purelib: true", b"Root-Is-Purelib: false")
                data = data.replace(b"Tag: py3-none-any", b"Tag: py3-none-" + tag.encode())
            lines.append(_add(new, entry, data))
        for path in added:
            entry = zipfile.ZipInfo(f"nldissect/native/{path.name}", record.date_time)
            entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o100644 << 16
            lines.append(_add(new, entry, path.read_bytes()))
        new.writestr(record, "".join([*lines, f"{record.filename},,\n"]))
    return target


def _add(wheel: zipfile.ZipFile, entry: zipfile.ZipInfo, data: bytes) -> str:
    """Write a file of a wheel; return its line of RECORD."""
    wheel.writestr(entry, data)
    digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
    return f"{entry.filename},sha256={digest},{len(data)}\n"
