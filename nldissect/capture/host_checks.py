"""Abilities of this host's kernel and of this process to capture; the lines that mend what is missing."""

from __future__ import annotations

import gzip
import os
from pathlib import Path

CAP_NET_ADMIN, CAP_NET_RAW, CAP_AUDIT_READ = 12, 13, 37
WITHOUT = "without it `nldissect capture -g GROUP,...` listens to multicast groups, and `nldissect read` opens any file"
SUDO = "use sudo, which writes as who called it"


def ambient_line() -> str:
    """Return the command that gives one process the capabilities for capturing, and no program file any."""
    capabilities = "+net_admin,+net_raw"
    who = f"--reuid {os.getuid()} --regid {os.getgid()} --init-groups"
    return f"sudo setpriv {who} --inh-caps {capabilities} --ambient-caps {capabilities} nldissect capture"


def effective_capabilities() -> int:
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("CapEff:"):
            return int(line.split()[1], 16)
    return 0


def nlmon_state(root: Path = Path("/")) -> str:
    """Return whether nlmon is "loaded", "built in", "loadable" (on disk, not loaded), or "absent"."""
    if (root / "sys/module/nlmon").is_dir():
        return "loaded"
    modules = root / "lib/modules" / os.uname().release
    for name, state in (("modules.builtin", "built in"), ("modules.dep", "loadable")):
        try:
            if any("/nlmon.ko" in line.partition(":")[0] for line in (modules / name).read_text().splitlines()):
                return state
        except OSError:
            continue
    return "built in" if nlmon_option(root) == "y" else "absent"


def nlmon_option(root: Path = Path("/")) -> str | None:
    """Return CONFIG_NLMON of the running kernel: "y", "m" or "n"; None where its configuration can't be read."""
    try:
        text = gzip.decompress((root / "proc/config.gz").read_bytes()).decode()
    except OSError:
        try:
            text = (root / f"boot/config-{os.uname().release}").read_text()
        except OSError:
            return None
    for line in text.splitlines():
        if line.startswith("CONFIG_NLMON="):
            return line.partition("=")[2]
    return "n"


def kernel_lacks_nlmon(root: Path = Path("/")) -> tuple[str, str | None]:
    """Return the reason why the kernel makes no nlmon device, and the line that helps, if one does."""
    release = os.uname().release
    state, option = nlmon_state(root), nlmon_option(root)
    if state == "loadable":
        return "the kernel module nlmon is not loaded", "run `sudo modprobe nlmon`"
    if state != "absent":
        return f"the kernel {release} has nlmon but makes no device of it", "see `dmesg`"
    if option == "n":
        return f"the kernel {release} was built without nlmon (CONFIG_NLMON)", None
    if option == "m":
        return (
            f"the module nlmon of the kernel {release} is not installed",
            "install the kernel's extra modules package, then `sudo modprobe nlmon`",
        )
    return f"the kernel {release} knows no nlmon", "try `sudo modprobe nlmon`"
