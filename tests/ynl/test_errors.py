"""Wrong specifications: what is said, and where; and what is said without PyYAML."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from nldissect import ynl
from nldissect.errors import SpecError
from tests.helpers.ynl_specs import TOY, read, spec


def changed(old: str, new: str) -> str:
    assert old in TOY
    return TOY.replace(old, new)


@pytest.mark.parametrize(
    ("content", "complaint"),
    [
        ("name: x\n  y: [\n", ":2: no YAML: mapping values are not allowed"),
        ("- 1\n", ": no specification: YAML, but no mapping"),
        ("doc: x\n", ":1: the specification: has no name"),
        ("name: x\nprotocol: netlink-row\n", ":1: the specification: protocol netlink-row is not read here"),
        ("name: x\nprotocol: netlink-raw\n", ":1: the specification: has no protonum, which a specification of"),
        ("name: x\nprotocol: netlink-raw\nprotonum: 16\n", ":1: the specification: NETLINK_GENERIC has tables here"),
        ("name: x\nprotocol: netlink-raw\nprotonum: 0\n", ":1: the specification: NETLINK_ROUTE has tables here; a"),
        ("name: x\n", ":1: the specification: has no operations"),
        (changed("type: uint", "type: u33"), ":29: attribute set toy-box, attribute any: type u33 is not known"),
        (changed("struct: point", "struct: pint"), ":35: attribute set toy-box, attribute at: there is no struct p"),
        (changed("u8, enum: colour", "u8, enum: color"), ":25: attribute set toy-box, attribute one: there is no enum"),
        (changed("nested-attributes: few", "nested-attributes: x"), "attribute again: there is no attribute set x"),
        (changed("sub-message: forms", "sub-message: fs"), "attribute payload: there is no sub-message fs"),
        (changed("selector: sort", "selector: kind"), "attribute payload: there is no attribute kind to select by"),
        (changed("value: 40", "value: 1"), "number 1 is TOY_BOX_A_ONE and TOY_BOX_A_FAR"),
        (changed("value: 40", "value: x"), ":48: attribute set toy-box, attribute far: value is 'x', not a number"),
        (changed("notify: get", "notify: got"), "operation get-ntf: notify got: there is no operation of that name"),
        (changed("name: label,", "name: one,"), "attribute one: stands there twice"),
        (changed("name: part-set,", "name: get,"), "operation get: stands there twice"),
        (changed("    attributes:\n      - {name: id,", "    atributes:\n      - {name: id,"),
         ":50: attribute set part: has no attributes"),
        (changed("entries: [none,", "entries: [true,"), "entry 1 of entries is True, not a mapping; YAML may want"),
        (changed("byte-order: big-endian}\n      - {name: gone", "byte-order: middle}\n      - {name: gone"),
         "attribute two: byte-order middle is not known"),
        (changed("  list:", "  enum-model: odd\n  list:"), "enum-model odd is not known"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_with_its_place(tmp_path: Path, content: str, complaint: str) -> None:
    path = spec(tmp_path, content)
    with pytest.raises(SpecError) as caught:
        ynl.use(path)

    assert str(caught.value).startswith(path)
    assert complaint in str(caught.value)
    assert "\n" not in str(caught.value)


def test_command_line(tmp_path: Path) -> None:
    done = read("team.pcap", "--ynl", spec(tmp_path, "name: x\n"))
    assert (2, f"nldissect: {tmp_path}/spec.yaml:1: the specification: has no operations\n") == (
        done.returncode,
        done.stderr,
    )
    done = read("team.pcap", "--ynl", "nowhere.yaml")
    assert (2, "nldissect: nowhere.yaml: No such file or directory\n") == (done.returncode, done.stderr)
    (tmp_path / "empty").mkdir()
    done = read("team.pcap", "--ynl", str(tmp_path / "empty"))
    assert 2 == done.returncode and "no specification (*.yaml) there" in done.stderr


def test_without_pyyaml_it_is_said_what_to_install(tmp_path: Path) -> None:
    path = spec(tmp_path, TOY)
    code = f"import sys; sys.modules['yaml'] = None; from nldissect.ynl import use; use({path!r})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)

    assert done.stderr.splitlines()[-1].endswith(
        "spec.yaml: specifications are YAML; install PyYAML (pip install 'nldissect[ynl]')"
    )
