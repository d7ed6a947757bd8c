"""Network namespaces in strace logs: of a process that enters one, and of one that is made (setns(2), unshare(2)).

tests/logs/entered.log: `strace -f -ttt -yy -s 0 -e trace=%network,clone,clone3,vfork,execve,setns,unshare -e read=all`
of `ip netns add uxa`, `ip link add v0 type veth peer name v1 netns uxa`, `ip -n uxa link set v1 up`,
`ip link show v0`, `unshare -n ip link set lo up`, one after the other.
"""

from __future__ import annotations

import json
import re

import pytest

from nldissect.cli import main
from tests.helpers.cli import lines
from tests.helpers.paths import LOGS

LOG = LOGS / "entered.log"


def test_a_socket_is_in_the_namespace_where_it_was_made() -> None:
    found = [line.split("\t") for line in lines("read", LOG, "-T", "fields", "-e", "netns", "-e", "process.pid")]
    assert ["", *["uxa"] * 4, ""] == [netns for netns, _ in found[1:7]]
    made = re.fullmatch(r"unshared-(\d+)-\d+", found[-1][0])
    assert made is not None
    assert 16 == len(found)
    assert [[found[-1][0], made[1]]] * 4 == found[12:]


def test_links_of_one_index_in_two_namespaces_are_two(capsys: pytest.CaptureFixture[str]) -> None:
    """Link 2 is v0 where the log began, and v1 in uxa; neither becomes the other."""
    assert 0 == main(["changes", str(LOG), "-T", "json"])
    found = json.loads(capsys.readouterr().out)
    assert [("v1", "changed"), ("lo", "changed")] == [(one["name"], one["change"]) for one in found]
    assert 0 == main(["state", str(LOG), "links", "--netns", "uxa", "-T", "json"])
    assert ["v1"] == [one["ifname"] for one in json.loads(capsys.readouterr().out)]
