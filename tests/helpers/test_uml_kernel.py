"""The harness itself: a real kernel, its modules, its namespaces, and how it fails."""

import os
import re
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from tests.helpers import paths


def test_a_script_runs_and_its_status_comes_back(kernel: ModuleType) -> None:
    result = kernel.run("echo $GREETING; echo to stderr >&2; exit 3", environment={"GREETING": "it's me"})

    assert 3 == result.status
    assert "it's me\nto stderr\n" == result.output


def test_python_runs_inside_unchanged(kernel: ModuleType) -> None:
    result = kernel.run("import sys; print(sys.executable)", interpreter=sys.executable)

    assert sys.executable == result.output.strip()


def test_modules_load_on_the_kernels_own_request(kernel: ModuleType) -> None:
    result = kernel.run("ip link add nlmon7 type nlmon && ip link set nlmon7 up && cat /sys/class/net/nlmon7/type")

    assert (0, "824") == (result.status, result.output.strip())


def test_scripts_leave_nothing_to_the_next(kernel: ModuleType) -> None:
    kernel.run("ip link add left0 type dummy; sleep 1000 & touch /run/left")
    result = kernel.run("ls /sys/class/net /run; ps -e -o comm=")

    assert "left" not in result.output
    assert "sleep" not in result.output
    assert "lo" in result.output.split()


def test_what_it_writes_is_on_the_host(kernel: ModuleType, tmp_path: Path) -> None:
    kernel.run(f"echo written inside > {tmp_path}/file")

    assert "written inside\n" == (tmp_path / "file").read_text()


def test_a_closed_home_is_open_to_every_user_of_the_guest(
    kernel: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """A home of mode 0700 with the repository in it: what else is there is not seen, what is written is kept."""
    repository = tmp_path / "home" / "my repository"
    repository.mkdir(parents=True)
    (tmp_path / "home/else").touch()
    (tmp_path / "home").chmod(0o700)
    kernel.run("")  # boots, with what is in the repository proper
    monkeypatch.setattr(kernel, "ROOT", repository)
    look = "setpriv --reuid 65534 --clear-groups ls . *"
    result = kernel.run(f"cd '{repository}/..' && touch 'my repository/made' && {look}")

    assert (0, ".:\nmy repository\n\nmy repository:\nmade\n") == (result.status, result.output)
    assert (repository / "made").exists()


def test_a_script_that_hangs_ends_the_kernel_and_the_next_run_boots(kernel: ModuleType) -> None:
    guest = kernel.Guest()
    with pytest.raises(kernel.KernelError, match="no end after 0.2 s"):
        guest.run("sleep 1000", timeout=0.2)

    assert not guest.alive


def test_an_absent_kernel_is_named(kernel: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("NLDISSECT_UML_ROOT", str(tmp_path))

    reason = kernel.missing()
    assert reason is not None and reason.startswith("no linux.uml; install the package user-mode-linux")


@pytest.mark.parametrize(("required", "outcome"), [("0", "1 skipped"), ("1", "1 error"), ("alone", "1 error")])
def test_without_the_kernel_tests_skip_or_fail_as_asked(required: str, outcome: str, tmp_path: Path) -> None:
    ran = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-n",
            "0",
            "-rsE",
            "-p",
            "no:cacheprovider",
            __file__,
            "-k",
            "python_runs_inside",
        ],
        cwd=paths.ROOT,
        env={
            **os.environ,
            "COLUMNS": "300",
            "NLDISSECT_UML_ROOT": str(tmp_path),
            "NLDISSECT_REQUIRE_KERNEL": required,
        },
        capture_output=True,
        text=True,
        check=False,
    )

    assert outcome in ran.stdout
    assert re.search(r"the real kernel.*: no linux\.uml.*; install the packages? user-mode-linux", ran.stdout)


SKIPPED = """
import pytest
TOOL = "no tcpdump; install the package tcpdump"

def test_inside():
    pytest.skip(TOOL)

@pytest.mark.skipif(True, reason=TOOL)
def test_marked():
    pass

@pytest.fixture
def absent():
    pytest.skip(TOOL)

def test_fixture(absent):
    pass

def test_host():
    pytest.skip("this host lets nobody open netlink sockets")

def test_optional():
    pytest.skip("optional: no pyspark")
"""


@pytest.mark.parametrize(
    ("required", "outcome"), [("1", "1 failed, 2 skipped, 3 errors"), ("alone", "6 skipped"), ("", "6 skipped")]
)
def test_what_is_not_installed_fails_where_everything_is_required(required: str, outcome: str, tmp_path: Path) -> None:
    (tmp_path / "test_functions.py").write_text(SKIPPED)
    (tmp_path / "test_module.py").write_text("import pytest\npytest.importorskip('no_such_package')\n")
    ran = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-p",
            "no:cacheprovider",
            "-p",
            "tests.helpers.skips",
            "--continue-on-collection-errors",
        ],
        cwd=tmp_path,
        env={
            **os.environ,
            "PYTHONPATH": str(paths.ROOT),
            "PYTEST_ADDOPTS": "",
            "NLDISSECT_REQUIRE_KERNEL": required,
        },
        capture_output=True,
        text=True,
        check=False,
    )

    assert outcome == ran.stdout.splitlines()[-1].partition(" in ")[0]
