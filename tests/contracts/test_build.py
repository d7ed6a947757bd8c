"""The build (PEP 517) with its shared library, and which libraries the package takes."""

from __future__ import annotations

import base64
import csv
import hashlib
import json
import os
import re
import shutil
import struct
import subprocess
import sys
import sysconfig
import zipfile
from pathlib import Path

import pytest

from nldissect.cli import main
from nldissect.errors import NldissectError
from nldissect.native import abi
from nldissect.native.loader import open_library, usable_library
from tests.helpers.paths import ROOT
from tests.helpers.pcap_bytes import pcap
from tests.helpers.shared_files import once
from tests.helpers.skips import missing_programs

PLATFORM = sysconfig.get_platform().replace("-", "_").replace(".", "_")
LIBRARY = "nldissect/native/libnldissect.so"

needs_cc = pytest.mark.skipif(bool(missing_programs("cc")), reason=missing_programs("cc"))


def project(folder: Path) -> Path:
    """The project in another folder, with only the package that the build reads."""
    (folder / "nldissect").mkdir(parents=True)
    for name in ("pyproject.toml", "README.md", "LICENSE", "nldissect/__init__.py"):
        shutil.copy(ROOT / name, folder / name)
    shutil.copytree(
        ROOT / "nldissect/native", folder / "nldissect/native", ignore=shutil.ignore_patterns("*.so", "__*")
    )
    (folder / "nldissect/native/__init__.py").touch()
    return folder


def hook(folder: Path, name: str, *arguments: str, **environment: str) -> tuple[object, str]:
    """What a function of the backend returns, called as a packager does, and what it says on stderr of itself."""
    pytest.importorskip("setuptools", "77")
    code = f"import json, build_backend; told = build_backend.{name}(*{arguments!r}); print(json.dumps(told))"
    clean = {
        key: value for key, value in os.environ.items() if key not in ("CC", "CFLAGS", "LDFLAGS", "NLDISSECT_NATIVE")
    }
    environment = {**clean, "PYTHONPATH": "nldissect/native", **environment}
    command = [sys.executable, "-W", "ignore", "-c", code]
    done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    assert 0 == done.returncode, done.stderr
    said = [line for line in done.stderr.splitlines() if line.startswith("nldissect: ")]
    return json.loads(done.stdout.splitlines()[-1]), "\n".join(said)


def wheel(folder: Path, **environment: str) -> tuple[Path, str]:
    """The wheel of a project, and what the build says."""
    name, said = hook(project(folder), "build_wheel", str(folder), **environment)
    return folder / str(name), said


@pytest.fixture(scope="session")
def built(shared: Path) -> Path:
    (path,) = once(shared / "wheel", wheel).glob("*.whl")
    return path


@needs_cc
def test_the_wheel_holds_the_library_and_no_sources(built: Path) -> None:
    assert f"py3-none-{PLATFORM}.whl" == built.name.split("-", 2)[2]
    with zipfile.ZipFile(built) as whole:
        names = set(whole.namelist())
        about = whole.read("nldissect-0.2.0.dist-info/WHEEL").decode()
        record = whole.read("nldissect-0.2.0.dist-info/RECORD").decode()
        for name, digest, size in csv.reader(record.splitlines()):
            if not name.endswith("/RECORD"):
                data = whole.read(name)
                found = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).decode().rstrip("=")
                assert (digest, size) == (f"sha256={found}", str(len(data)))
            names.remove(name)
    assert set() == names
    assert LIBRARY in record and "core.py" in record
    assert re.search(r"\.[ch],", record) is None
    assert f"Root-Is-Purelib: false\nTag: py3-none-{PLATFORM}\n" in about.replace("\r", "")


@needs_cc
@pytest.mark.parametrize("flags", ["", "-g"])
def test_two_builds_give_one_file(flags: str, built: Path, tmp_path: Path) -> None:
    one = (wheel(tmp_path / "one", CFLAGS=flags)[0] if flags else built).read_bytes()
    two = wheel(tmp_path / "a longer name", CFLAGS=flags)[0].read_bytes()
    assert hashlib.sha256(one).hexdigest() == hashlib.sha256(two).hexdigest()
    assert str(tmp_path).encode() not in one and str(built.parent).encode() not in one


@needs_cc
@pytest.mark.skipif(bool(missing_programs("nm")), reason=missing_programs("nm"))
def test_the_library_wants_nothing_but_mem(built: Path, tmp_path: Path) -> None:
    """It names no library that it needs: glibc and musl have these."""
    with zipfile.ZipFile(built) as whole:
        path = whole.extract(LIBRARY, tmp_path)
    wanted = subprocess.run(["nm", "-D", "--undefined-only", path], capture_output=True, text=True, check=True).stdout
    assert {"memchr", "memcmp", "memcpy", "memmove", "memset"} >= set(wanted.replace(" U ", " ").split())
    dynamic = subprocess.run(["readelf", "-d", path], capture_output=True, text=True, check=True).stdout
    assert "NEEDED" not in dynamic


def test_without_a_compiler_ziglang_is_asked_for_where_it_has_a_wheel(tmp_path: Path) -> None:
    folder = project(tmp_path / "one")
    for name in ("get_requires_for_build_wheel", "get_requires_for_build_editable"):
        told, _ = hook(folder, name, PATH=str(tmp_path))
        machines = {"x86_64", "aarch64", "ppc64le", "riscv64"}
        assert told == ["scapy>=2.7", *(["ziglang==0.17.*"] if os.uname().machine in machines else [])]
        assert ([], "") == hook(folder, name, PATH=str(tmp_path), NLDISSECT_NATIVE="0")
        assert (["scapy>=2.7"], "") == hook(folder, name, PATH=str(tmp_path), CC="tcc")
    assert ([], "") == hook(folder, "get_requires_for_build_sdist", PATH=str(tmp_path))


@pytest.mark.parametrize(
    ("environment", "reason"),
    [
        ({"PATH": "/nowhere"}, "no C compiler (CC, cc, gcc, clang, or the package ziglang)"),
        ({"NLDISSECT_NATIVE": "0"}, "NLDISSECT_NATIVE=0"),
        ({"CC": "/nowhere/cc"}, "/nowhere/cc: No such file or directory"),
        ({"CC": "false"}, "false: exit status 1"),
        pytest.param(
            {"CC": "cc", "CFLAGS": "-include nowhere.h"},
            "cc: <command-line>: fatal error: nowhere.h: No such file or directory",
            marks=[
                needs_cc,
                pytest.mark.skipif(bool(missing_programs("gcc")), reason=missing_programs("gcc")),
            ],
        ),
    ],
    ids=["no compiler", "not wanted", "missing", "failing", "words"],
)
def test_without_the_library_the_wheel_is_for_any_platform(
    environment: dict[str, str], reason: str, tmp_path: Path
) -> None:
    path, said = wheel(tmp_path / "one", **environment)
    assert f"nldissect: built without the native core, large captures take longer: {reason}" == said
    assert "nldissect-0.2.0-py3-none-any.whl" == path.name
    with zipfile.ZipFile(path) as whole:
        assert LIBRARY not in whole.namelist()


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of an editable installation's core."""
    monkeypatch.delenv("NLDISSECT_NATIVE", raising=False)
    folder = project(tmp_path / "one")
    (tmp_path / "wheels").mkdir()
    hook(folder, "build_editable", str(tmp_path / "wheels"))
    native = folder / "nldissect/native"
    monkeypatch.setattr(abi, "HERE", native)
    monkeypatch.setattr(abi, "PACKAGED", folder / LIBRARY)
    return native


def version(capsys: pytest.CaptureFixture[str]) -> list[str]:
    with pytest.raises(SystemExit):
        main(["--version"])
    return capsys.readouterr().out.splitlines()


@needs_cc
def test_editable(checkout: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    assert abi.Library(str(checkout / "libnldissect.so")) == usable_library()
    assert [] == [path.name for path in checkout.glob(".build*")]

    with (checkout / "core.c").open("a") as file:
        file.write("\n")
    again = "libnldissect.so is not made from these C sources: `pip install -e .` again"
    assert abi.Library(None, again, 0) == usable_library()
    assert 0 == main(["read", str(ROOT / "captures/tour.pcap")])
    out, errors = capsys.readouterr()
    assert f"nldissect: without the native core this takes longer: {again}\n" == errors
    assert out.startswith("   1 0.000000 ")

    assert version(capsys) == ["nldissect 0.2.0", f"native core: not used: {again}"]
    assert 1 == main(["doctor"])
    (line,) = [line for line in capsys.readouterr().out.splitlines() if "native core" in line]
    assert ("MISSING", again) == (line.split()[0], line.partition(", large captures take longer: ")[2])

    for path in checkout.glob("*.c"):
        path.unlink()  # as in a wheel
    assert version(capsys) == ["nldissect 0.2.0", f"native core: {checkout}/libnldissect.so"]
    assert abi.Library(str(checkout / "libnldissect.so")) == usable_library()


@needs_cc
@pytest.mark.parametrize("megabytes", [9, 10])
def test_without_the_library_large_files_take_longer(
    megabytes: int, checkout: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    hook(checkout.parents[1], "build_editable", str(tmp_path / "wheels"), NLDISSECT_NATIVE="0")
    reason = "nldissect was built without it; README.md says how it is built"
    assert abi.Library(None, reason, 10 << 20) == usable_library()
    assert f"not used: {reason}" == abi.described()

    path = tmp_path / "large.pcap"
    junk = struct.pack("<IIII", 0, 0, 1 << 20, 1 << 20) + bytes(1 << 20)  # frames that are no netlink
    path.write_bytes(pcap() + junk * megabytes)
    said = f"nldissect: without the native core this takes longer: {reason}\n"
    main(["read", "-T", "ndjson", str(path)])
    assert (said in capfd.readouterr().err) == (megabytes == 10)
    monkeypatch.setenv("NLDISSECT_NATIVE", "0")
    main(["read", "-T", "ndjson", str(path)])
    assert said not in capfd.readouterr().err


@needs_cc
@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ("int nothing;", "the native core can't be loaded: {} has no function nl_abi"),
        (
            "unsigned told[99] = {1}; unsigned *nl_abi(void) { return told; }",
            "the native core {} does not fit this version of nldissect; build it again",
        ),
    ],
)
def test_a_library_that_does_not_fit(source: str, reason: str, tmp_path: Path) -> None:
    path = tmp_path / "other.so"
    subprocess.run(["cc", "-shared", "-fPIC", "-xc", "-o", path, "-"], input=source, text=True, check=True)
    with pytest.raises(NldissectError, match=re.escape(reason.format(path))):
        open_library(str(path))
