"""What is said where capturing can't start, and what the doctor finds."""

from __future__ import annotations

import errno
import gzip
import os
import subprocess
import sys
from pathlib import Path

import pytest

from nldissect.capture import CaptureConfig, CaptureProcess, doctor, host_checks, nlmon_device, privileges
from nldissect.capture.private_netns import user_namespaces_remedy
from nldissect.errors import CaptureError


def refusal(**options: object) -> str:
    with pytest.raises(CaptureError) as caught:
        CaptureProcess(CaptureConfig(**options)).__enter__()  # type: ignore[arg-type]
    assert "\n" not in str(caught.value)
    return str(caught.value)


def test_interface_that_is_no_nlmon_device() -> None:
    assert "lo is loopback (type 772), not nlmon; leave out -i and one is made for you" == refusal(interfaces=["lo"])


def test_interface_that_is_not_there() -> None:
    assert refusal(interfaces=["nope0"]).startswith("no interface nope0 here; ")


def test_network_namespace_that_is_not_there() -> None:
    assert "no network namespace nope; see `ip netns list`, or name a pid or a path" == refusal(netns=["nope"])


def test_user_that_is_not_there() -> None:
    assert "no user nobody-here on this host; see `getent passwd`" == refusal(user="nobody-here")


def test_failed_start_leaves_no_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))

    refusal(interfaces=["nope0"])

    assert [] == list(tmp_path.iterdir())


def test_device_without_privilege() -> None:
    """A process without any capability asks the real kernel."""
    script = (
        "from nldissect.capture import nlmon_device as nlmon, privileges\n"
        "privileges.keep_only()\n"
        "try: nlmon.create()\n"
        "except Exception as error: print(type(error).__name__, error)\n"
    )

    told = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout

    ways = f"{host_checks.SUDO}, or `{host_checks.ambient_line()}`"
    assert f"CaptureError making an nlmon device needs CAP_NET_ADMIN; {ways}\n" == told


@pytest.mark.skipif(host_checks.nlmon_state() != "absent", reason="this host has nlmon")
@pytest.mark.skipif(
    not host_checks.effective_capabilities() >> host_checks.CAP_NET_ADMIN & 1,
    reason="this host: it takes CAP_NET_ADMIN",
)
def test_device_on_a_kernel_without_nlmon() -> None:
    told = refusal()

    assert f"the kernel {os.uname().release}" in told and "nlmon" in told
    assert ("`nldissect read`" if host_checks.nlmon_option() == "n" else "`sudo modprobe nlmon`") in told


def kernel_at(root: Path, *, option: str | None = None, dep: str = "", builtin: str = "", loaded: bool = False) -> Path:
    """The files by which a kernel tells of nlmon."""
    modules = root / "lib/modules" / os.uname().release
    modules.mkdir(parents=True)
    (modules / "modules.dep").write_text(dep)
    (modules / "modules.builtin").write_text(builtin)
    (root / "proc").mkdir()
    if option is not None:
        line = f"CONFIG_NLMON={option}" if option != "n" else "# CONFIG_NLMON is not set"
        (root / "proc/config.gz").write_bytes(gzip.compress(f"CONFIG_NET=y\n{line}\n".encode()))
    if loaded:
        (root / "sys/module/nlmon").mkdir(parents=True)
    return root


EXTRA = "the kernel's extra modules package"


@pytest.mark.parametrize(
    ("files", "state", "reason", "remedy"),
    [
        ({"loaded": True}, "loaded", "makes no device of it", "see `dmesg`"),
        ({"dep": "kernel/net/nlmon.ko.xz:\n"}, "loadable", "module nlmon is not loaded", "run `sudo modprobe nlmon`"),
        ({"dep": "kernel/x.ko: kernel/net/nlmon.ko\n"}, "absent", "knows no nlmon", "try `sudo modprobe nlmon`"),
        ({"builtin": "kernel/drivers/net/nlmon.ko\n"}, "built in", "makes no device of it", "see `dmesg`"),
        ({"option": "y"}, "built in", "makes no device of it", "see `dmesg`"),
        ({"option": "n"}, "absent", "was built without nlmon (CONFIG_NLMON)", None),
        ({"option": "m"}, "absent", "is not installed", f"install {EXTRA}, then `sudo modprobe nlmon`"),
        ({}, "absent", "knows no nlmon", "try `sudo modprobe nlmon`"),
    ],
)  # fmt: skip
def test_what_the_kernel_tells_of_nlmon(
    tmp_path: Path, files: dict[str, object], state: str, reason: str, remedy: str | None
) -> None:
    root = kernel_at(tmp_path, **files)  # type: ignore[arg-type]

    assert state == host_checks.nlmon_state(root)
    told, line = host_checks.kernel_lacks_nlmon(root)
    assert reason in told
    assert remedy == line


def test_other_refusals_keep_the_kernel_s_words() -> None:
    told = str(nlmon_device.refused(OSError(errno.ENOBUFS, os.strerror(errno.ENOBUFS))))

    assert "making an nlmon device failed: No buffer space available; see `nldissect doctor`" == told


def test_final_user(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    monkeypatch.delenv("SUDO_UID", raising=False)
    nobody = privileges.final_user("nobody")
    assert nobody is not None and "nobody" == nobody.pw_name
    assert privileges.final_user(None) is None
    assert privileges.final_user("root") is None

    monkeypatch.setenv("SUDO_UID", str(nobody.pw_uid))
    assert nobody == privileges.final_user(None)
    assert privileges.final_user("root") is None
    for odd in ("0", "", "4294967294", "me"):
        monkeypatch.setenv("SUDO_UID", odd)
        assert privileges.final_user(None) is None

    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    assert privileges.final_user(None) is None
    with pytest.raises(CaptureError, match="becoming user nobody needs root; use sudo, or leave out --user"):
        privileges.final_user("nobody")


def test_doctor_looks_at_everything() -> None:
    checks = doctor.checks()

    names = ["kernel", "netlink", "nlmon", "groups", "process events", "CAP_NET_ADMIN", "CAP_NET_RAW"]
    names += ["user namespaces", "pcapy", "devices", "leftovers", "room", "wireshark"]
    assert names == [check.name for check in checks]
    told = {check.name: check for check in checks}
    assert os.uname().release in told["kernel"].text
    assert told["netlink"].ok
    assert "libpcap version" in told["pcapy"].text
    assert (host_checks.nlmon_state() != "absent") == told["nlmon"].ok
    assert (host_checks.effective_capabilities() >> host_checks.CAP_NET_RAW & 1 == 1) == told["CAP_NET_RAW"].ok
    assert all("\n" not in check.text for check in checks)


def test_doctor_without_capabilities() -> None:
    script = (
        "from nldissect.capture import doctor, privileges\n"
        "privileges.keep_only()\n"
        "print(*((c.name, c.ok, c.remedy) for c in doctor.checks() if c.name.startswith('CAP')), sep='\\n')\n"
    )

    told = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout

    line = f"{host_checks.SUDO}, or `{host_checks.ambient_line()}`"
    assert f"{('CAP_NET_ADMIN', False, line)}\n{('CAP_NET_RAW', False, line)}\n" == told


APPARMOR = "apparmor_restrict_unprivileged_userns"


@pytest.mark.parametrize(
    ("name", "value", "line"),
    [
        ("kernel/unprivileged_userns_clone", "0", "sudo sysctl -w kernel.unprivileged_userns_clone=1"),
        (f"kernel/{APPARMOR}", "1", f"sudo sysctl -w kernel.{APPARMOR}=0"),
        ("user/max_user_namespaces", "0", "sudo sysctl -w user.max_user_namespaces=10000"),
        ("user/max_user_namespaces", "63449", None),
    ],
)  # fmt: skip
def test_what_forbids_user_namespaces(tmp_path: Path, name: str, value: str, line: str | None) -> None:
    path = tmp_path / "proc/sys" / name
    path.parent.mkdir(parents=True)
    path.write_text(value + "\n")

    assert line == user_namespaces_remedy(tmp_path)
