"""Debian's own kernel for captures, where user-mode-linux lacks something: QEMU boots it on the host's file system.

    python captures/full_kernel.py              download and unpack the kernel that linux-image-amd64 depends on
    python captures/full_kernel.py netdevsim    build the simulated network device it goes without, too (make, gcc)

`run` is like that of tests/helpers/uml_kernel.py. Nothing is installed: the kernel stands in $NLDISSECT_KERNEL_ROOT, by
default in ~/.cache/nldissect/kernel. Without KVM a boot takes some ten seconds and everything is ten times slower.
"""

from __future__ import annotations

import atexit
import lzma
import os
import re
import shutil
import subprocess
import sys
import tempfile
from functools import cache
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from tests.helpers import uml_kernel

ROOT = Path(os.environ.get("NLDISSECT_KERNEL_ROOT") or Path.home() / ".cache/nldissect/kernel")
TOOLS = {"qemu-system-x86_64": "qemu-system-x86", "busybox": "busybox-static", "modprobe": "kmod"}
BOOT_TIMEOUT = 600.0

# All the initial file system is for: a root that is the host's.
FIRST = """#!/bin/busybox sh
for module in {modules}; do /bin/busybox insmod /$module; done
/bin/busybox mount -t 9p -o trans=virtio,version=9p2000.L,msize=500000,cache=loose host /host
exec /bin/busybox switch_root /host {work}/init
"""


def missing() -> str | None:
    """Why the kernel can't be used here, in one line that says what to do; None if it can."""
    for tool, package in TOOLS.items():
        if shutil.which(tool, path=uml_kernel.SEARCH) is None:
            return f"no {tool}; install the package {package}"
    if _image() is None:
        return f"no kernel below {ROOT}; run {Path(__file__).name}, or set NLDISSECT_KERNEL_ROOT"
    return None


def _image() -> Path | None:
    return next(iter(sorted(ROOT.glob("boot/vmlinuz-*"))), None)


def fetch() -> None:
    """Download the kernel's package and unpack it."""
    depends = subprocess.run(["apt-cache", "depends", "linux-image-amd64"], capture_output=True, text=True, check=True)
    (package,) = re.findall(r"Depends: (linux-image-\d\S*)", depends.stdout)
    ROOT.mkdir(parents=True, exist_ok=True)
    _unpack([package], ROOT)


def _unpack(packages: list[str], folder: Path) -> None:
    with tempfile.TemporaryDirectory() as scratch:
        subprocess.run(["apt-get", "download", *packages], cwd=scratch, check=True)
        for file in Path(scratch).glob("*.deb"):
            subprocess.run(["dpkg", "-x", file, folder], check=True)


def build_netdevsim() -> None:
    """Build netdevsim from Debian's source against Debian's headers, beside the kernel's own modules."""
    image = _image()
    if image is None:
        raise SystemExit(missing())
    version = image.name.removeprefix("vmlinuz-")
    base, source = version.rpartition("-")[0], "linux-source-" + ".".join(version.split(".")[:2])
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        headers = folder / "usr/src" / f"linux-headers-{version}"
        common = folder / "usr/src" / f"linux-headers-{base}-common"
        _unpack([headers.name, common.name, f"linux-kbuild-{base}", source], folder)
        driver = f"{source}/drivers/net/netdevsim"
        subprocess.run(["tar", "-xf", folder / "usr/src" / f"{source}.tar.xz", "-C", folder, driver], check=True)
        _edit(headers / "Makefile", "/usr/src", str(folder / "usr/src"))
        if shutil.which("gcc-14") is None:
            _edit(headers / ".kernelvariables", "$(CROSS_COMPILE)gcc-14", "gcc")
            _edit(common / "Makefile", "-fmin-function-alignment", "-falign-functions")
        options = [f"M={folder / driver}", "CONFIG_NETDEVSIM=m", "CONFIG_DEBUG_INFO_BTF_MODULES="]
        subprocess.run(["make", "-C", headers, *options, "modules"], check=True)
        modules = _modules(image)
        (modules / "updates").mkdir(exist_ok=True)
        target = modules / "updates/netdevsim.ko"
        subprocess.run(["strip", "-g", "-o", target, folder / driver / "netdevsim.ko"], check=True)
    subprocess.run(["depmod", "-b", modules.parent.parent.parent, version], check=True, env={"PATH": uml_kernel.SEARCH})


def _edit(file: Path, old: str, new: str) -> None:
    file.write_text(file.read_text().replace(old, new))


def _modules(image: Path) -> Path:
    """The modules of a kernel, with their index."""
    version = image.name.removeprefix("vmlinuz-")
    found = next(path for path in (ROOT / "usr/lib/modules" / version, ROOT / "lib/modules" / version) if path.is_dir())
    if not (found / "modules.dep").exists():
        subprocess.run(
            ["depmod", "-b", found.parent.parent.parent, version], check=True, env={"PATH": uml_kernel.SEARCH}
        )
    return found


def _archive(files: dict[str, bytes]) -> bytes:
    """A cpio archive in the form the kernel unpacks: directories are names that end in a slash."""
    parts = []
    for number, (name, data) in enumerate([*files.items(), ("TRAILER!!!", b"")], 1):
        mode = 0o040755 if name.endswith("/") else 0o100755
        path = name.rstrip("/").encode() + b"\0"
        fields = (number, mode, 0, 0, 1, 0, len(data), 0, 0, 0, 0, len(path), 0)
        header = b"070701" + b"".join(b"%08x" % field for field in fields) + path
        parts += [header.ljust(len(header) + 3 & ~3, b"\0"), data.ljust(len(data) + 3 & ~3, b"\0")]
    return b"".join(parts)


class Guest(uml_kernel.Guest):
    """One running machine; scripts go in as with user-mode-linux."""

    def __init__(self, memory: str = "1024M") -> None:
        image = _image()
        if image is None:
            raise uml_kernel.KernelError(missing() or "no kernel")
        modules = _modules(image)
        self._work = Path(tempfile.mkdtemp(prefix="nldissect-machine-"))
        self._console = b""
        self._number = 0
        self._install(modules)
        (self._work / "initrd").write_bytes(self._initrd(modules.name))
        host = "local,path=/,mount_tag=host,security_model=none,multidevs=remap"
        command = [
            "qemu-system-x86_64", "-accel", "tcg", "-cpu", "max", "-m", memory, "-nodefaults", "-no-user-config",
            "-nographic", "-serial", "stdio", "-no-reboot", "-virtfs", host, "-kernel", image,
            "-initrd", self._work / "initrd", "-append", "console=ttyS0 quiet panic=-1 no_timer_check",
        ]  # fmt: skip
        self._process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            env={"PATH": uml_kernel.SEARCH, "HOME": str(self._work)},
        )
        self._wait(b"@ready", BOOT_TIMEOUT, "boot")

    def _initrd(self, version: str) -> bytes:
        """Busybox, what mounts the host's root, and the script that does."""
        busybox = Path(shutil.which("busybox", path=uml_kernel.SEARCH) or "busybox")
        files = {"bin/": b"", "host/": b"", "dev/": b"", "bin/busybox": busybox.read_bytes()}
        names = []
        for line in self._depends(version):
            path = Path(line)
            data = path.read_bytes()
            names.append(path.name.removesuffix(".xz"))
            files[names[-1]] = lzma.decompress(data) if path.suffix == ".xz" else data
        files["init"] = FIRST.format(modules=" ".join(names), work=self._work).encode()
        return _archive(files)

    def _depends(self, version: str) -> list[str]:
        """The module files that a root over 9p takes, in the order they load."""
        found: dict[str, None] = {}
        for module in ("9p", "9pnet_virtio", "virtio_pci"):
            command = ["modprobe", "-d", self._work / "root", "-S", version, "--show-depends", module]
            shown = subprocess.run(command, capture_output=True, text=True, check=True, env={"PATH": uml_kernel.SEARCH})
            found |= dict.fromkeys(re.findall(r"^insmod (\S+)", shown.stdout, re.MULTILINE))
        return list(found)


@cache
def _guest() -> Guest:
    guest = Guest()
    atexit.register(guest.close)
    return guest


def run(script: str, *, timeout: float = 1800, isolated: bool = True) -> uml_kernel.Result:
    """Run a script in the one machine of this process; isolated=False: in a machine of its own."""
    if isolated:
        return _guest().run(script, timeout=timeout)
    guest = Guest()
    try:
        return guest.run(script, timeout=timeout, isolated=False)
    finally:
        guest.close()


if __name__ == "__main__":
    build_netdevsim() if sys.argv[1:] == ["netdevsim"] else fetch()
