"""Makes the captures of this folder: each topics/NAME.sh runs in a real kernel under tcpdump on nlmon: NAME.pcap.

    python captures/make.py                  all topics
    python captures/make.py vlan_add bond    these
    python captures/make.py --output DIR     also keep what the commands printed, as DIR/NAME.txt

A topic is a shell script. Its leading comment says what it shows. What stands before the line `capture` prepares and is
not seen; words after `capture` are a filter for tcpdump. `fails COMMAND` must fail; `listen COMMAND` starts it and
returns when it listens; `told PATTERN` waits until that was printed by one of these. README.md tells what ran.

"In Debian's own kernel" or "On the host" in the leading comment: not in user-mode-linux (full_kernel.py, host.py).
"""

from __future__ import annotations

import argparse
import itertools
import re
import struct
import sys
import tempfile
from functools import cache
from pathlib import Path
from types import ModuleType

FOLDER = Path(__file__).resolve().parent
sys.path.insert(0, str(FOLDER.parent))

import full_kernel  # noqa: E402
import host  # noqa: E402

from tests.helpers import uml_kernel  # noqa: E402

FIRST_NAMESPACES = "In the kernel's first namespaces"
FULL_KERNEL = "In Debian's own kernel"
ON_THE_HOST = "On the host"
"""What the comment of a topic says that needs more than a namespace of its own, or another kernel."""

# tcpdump opens before anything is captured and is ended only when the kernel has nothing left for it.
# A port id is the process's number, with libnl in its low 22 bits.
PRELUDE = """
exec 2>&1
export TOPICS={topics} RESULT={result} PAGER=cat
capture() {{
    {{ set +x; }} 2>/dev/null
    ip link add nlmon0 type nlmon
    ip link set nlmon0 up
    tcpdump -i nlmon0 --immediate-mode -B 32768 -s 0 -U -Z root -w $RESULT.pcap "$@" 2>$RESULT.tcpdump &
    tcpdump=$!
    until grep -qs listening $RESULT.tcpdump; do sleep 0.02; done
    set -x
}}
finish() {{
    {{ status=$?; set +x; }} 2>/dev/null
    [ -f $RESULT.listen ] && echo '(what the listeners printed)' && cat $RESULT.listen
    if [ -n "$tcpdump" ]; then
        sleep 0.3
        kill -INT $tcpdump
        wait $tcpdump
        ip link del nlmon0
    fi
    kill $listeners 2>/dev/null || true
    exit $status
}}
fails() {{
    ! "$@"
}}
listen() {{
    {{ set +x; }} 2>/dev/null
    stdbuf -oL "$@" >>$RESULT.listen 2>&1 &
    listeners="$listeners $!"
    until awk -v pid=$! '$3 % 4194304 == pid' /proc/net/netlink | grep -q . && grep -q "State:.S" /proc/$!/status; do
        kill -0 $! || exit 9
        sleep 0.02
    done
    set -x
}}
told() {{
    {{ set +x; }} 2>/dev/null
    for _ in $(seq {patience}); do
        if grep -q "$1" $RESULT.listen; then set -x; return 0; fi
        sleep 0.02
    done
    return 1
}}
trap finish EXIT
set -e
PS4='$ '
set -x
"""

HEADER = """# Captures

Real netlink traffic, one subject a file, link type 253 (NETLINK). `python captures/make.py` makes them again: it boots
user-mode-linux, runs the commands below in a fresh network namespace and records them with tcpdump on an nlmon device;
what that kernel lacks runs in Debian's own under QEMU (full_kernel.py).
What a topic calls has to be installed; Debian's packages are user-mode-linux kmod tcpdump iproute2 iputils-ping ethtool
nftables ipset conntrack nfct nfacct iptables ipvsadm libteam-utils batctl can-utils wpan-tools netlabel-tools
openvswitch-switch drbd-utils busybox-static udev python3 qemu-system-x86 iw hostapd wpasupplicant wireless-regdb
wireguard-tools nfs-kernel-server ktls-utils dropwatch.

This page is written by that script from what it ran. Commands before the line `capture` prepared the ground unseen;
`fails` marks a command that must fail, `listen` starts one in the background, `told` waits for what that prints.

| file | frames | bytes | shows |
|---|---|---|---|
"""


def frames(path: Path) -> int:
    """The number of records of a pcap file, every one checked to be whole."""
    data = path.read_bytes()
    magic, _, _, _, _, _, link_type = struct.unpack_from("<IHHiIII", data)
    if (magic, link_type) != (0xA1B2C3D4, 253):
        raise TopicError(f"{path.name}: not a pcap of link type 253")
    count, offset = 0, 24
    while offset < len(data):
        offset += 16 + struct.unpack_from("<I", data, offset + 8)[0]
        count += 1
    if offset != len(data):
        raise TopicError(f"{path.name}: the last record is cut")
    return count


class TopicError(Exception):
    """A topic that could not be captured; the others go on."""


def lost(report: str) -> bool:
    """Whether tcpdump's closing lines say that packets were left behind."""
    found = re.findall(r"(\d+) packets? (\w+ \w+ \w+|captured)", report)
    counts = {words: int(number) for number, words in found}
    return counts.get("captured") != counts.get("received by filter") or bool(counts.get("dropped by kernel"))


def split(script: str) -> tuple[str, str]:
    """A topic's leading comment and its commands."""
    lines = script.splitlines()
    comment = list(itertools.takewhile(lambda line: line.startswith("#"), lines))
    return " ".join(line.lstrip("# ") for line in comment), "\n".join(lines[len(comment) :]).strip()


def text_of(name: str) -> str:
    """A topic's script."""
    return (FOLDER / "topics" / f"{name}.sh").read_text()


def where(script: str) -> ModuleType:
    """What runs a topic."""
    return full_kernel if FULL_KERNEL in script else host if ON_THE_HOST in script else uml_kernel


@cache
def tools(runner: ModuleType) -> str:
    """The versions that made a capture."""
    output: str = runner.run(
        "echo Linux $(uname -r | sed 's/-.*//'), $(ip -V | sed 's/.*utility, //;s/, lib.*//')"
    ).output
    return output.strip()


def section(name: str) -> str:
    """README.md's part about one capture."""
    about, commands = split(text_of(name))
    return f"## {name}.pcap\n\n{about}\n\nMade by {tools(where(text_of(name)))}.\n\n```sh\n{commands}\n```\n"


def make(name: str, output: Path | None) -> None:
    """Run one topic and put its capture into the folder."""
    script = text_of(name)
    runner = where(script)
    reason = runner.missing()
    if reason is not None:
        raise TopicError(f"{name}: needs a real kernel: {reason}")
    with tempfile.TemporaryDirectory() as scratch:
        result = Path(scratch) / name
        timeout, patience = (1800, 6000) if runner is full_kernel else (60, 200)
        prelude = PRELUDE.format(topics=FOLDER / "topics", result=result, patience=patience)
        try:
            ran = runner.run(prelude + script, timeout=timeout, isolated=FIRST_NAMESPACES not in script)
        except uml_kernel.KernelError as error:
            raise TopicError(f"{name}: {error}") from error
        if output is not None:
            (output / f"{name}.txt").write_text(ran.output)
        if ran.status != 0:
            raise TopicError(f"{name}: a command ended with status {ran.status}\n{ran.output[-3000:]}")
        report = result.with_suffix(".tcpdump")
        if report.exists() and lost(report.read_text()):
            raise TopicError(f"{name}: packets were lost\n{report.read_text()}")
        made = result.with_suffix(".pcap").read_bytes()
        (FOLDER / f"{name}.pcap").write_bytes(made)


def readme(made: list[str]) -> str:
    """README.md with new parts for the topics just made and the old parts of all others."""
    path = FOLDER / "README.md"
    old = re.split(r"^(?=## )", path.read_text(), flags=re.MULTILINE)[1:] if path.exists() else []
    parts = {part.split(".pcap")[0].removeprefix("## "): part.strip() + "\n" for part in old}
    parts |= {name: section(name) for name in made}
    files = sorted(path.stem for path in FOLDER.glob("*.pcap"))
    rows = ""
    for name in files:
        file = FOLDER / f"{name}.pcap"
        about = parts[name].split("\n\n")[1]
        rows += f"| [{name}.pcap](#{name}pcap) | {frames(file)} | {file.stat().st_size} | {about} |\n"
    return HEADER + rows + "\n" + "\n".join(parts[name] for name in files)


def main() -> None:
    every = sorted(path.stem for path in (FOLDER / "topics").glob("*.sh"))
    parser = argparse.ArgumentParser(description="Make the captures of this folder again.")
    parser.add_argument("topic", nargs="*", metavar="TOPIC", help="a name below topics/; default: all")
    parser.add_argument("--output", type=Path, metavar="DIR", help="keep what the commands printed as DIR/TOPIC.txt")
    options = parser.parse_args()
    unknown = set(options.topic) - set(every)
    if unknown:
        raise SystemExit(f"no topic {', '.join(sorted(unknown))}; there are: {' '.join(every)}")
    failed = 0
    for name in options.topic or every:
        try:
            make(name, options.output)
        except TopicError as error:
            print(error, file=sys.stderr)
            failed += 1
            continue
        print(
            f"{name}.pcap: {frames(FOLDER / f'{name}.pcap')} frames, {(FOLDER / f'{name}.pcap').stat().st_size} bytes"
        )
        (FOLDER / "README.md").write_text(readme([name]))
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
