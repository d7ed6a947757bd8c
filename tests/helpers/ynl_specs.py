"""Specifications written for tests, and captures read with them."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.helpers.paths import CAPTURES

TOY = """
name: toy-box
protocol: genetlink
doc: Everything at once.

definitions:
  - {type: const, name: label-len, value: 8}
  - {type: enum, name: colour, entries: [none, red, {name: blue, value: 7}, green]}
  - {type: flags, name: mode, name-prefix: toy-m-, entries: [fast, safe]}
  - type: struct
    name: point
    members:
      - {name: x, type: s16}
      - {name: y, type: u16, byte-order: big-endian}
      - {name: name, type: string, len: label-len}
      - {name: flags, type: u32, enum: mode}
  - type: struct
    name: kind-a
    members:
      - {name: in, type: u32}

attribute-sets:
  - name: toy-box
    attributes:
      - {name: one, type: u8, enum: colour}
      - {name: two, type: u16, byte-order: big-endian}
      - {name: gone, type: unused}
      - {name: pad, type: pad}
      - {name: any, type: uint}
      - {name: below, type: sint}
      - {name: label, type: string}
      - {name: on, type: flag}
      - {name: bits, type: u32, enum: colour, enum-as-flags: true}
      - {name: field, type: bitfield32, enum: mode}
      - {name: at, type: binary, struct: point}
      - {name: words, type: binary, sub-type: u32, byte-order: big-endian}
      - {name: link, type: binary, display-hint: mac}
      - {name: six, type: binary, display-hint: ipv6}
      - {name: four, type: u32, byte-order: big-endian, display-hint: ipv4}
      - {name: blob, type: binary}
      - {name: cipher-key, type: binary}
      - {name: inner, type: nest, nested-attributes: part, multi-attr: true}
      - {name: array, type: indexed-array, sub-type: nest, nested-attributes: part}
      - {name: numbers, type: indexed-array, sub-type: u32}
      - {name: grid, type: nest-type-value, type-value: [row, column], nested-attributes: part}
      - {name: payload, type: sub-message, sub-message: forms, selector: sort}
      - {name: sort, type: string}
      - {name: far, type: u64, value: 40}
      - {name: signed, type: s32}
  - name: part
    attributes:
      - {name: id, type: u32, display-hint: hex}
      - {name: again, type: nest, nested-attributes: few}
  - name: few
    subset-of: part
    attributes:
      - {name: id}

sub-messages:
  - name: forms
    formats:
      - {value: a, fixed-header: kind-a}
      - {value: b, attribute-set: part}
      - {value: c, fixed-header: kind-a, attribute-set: part}

operations:
  list:
    - {name: get, attribute-set: toy-box, do: {request: {attributes: [one]}, reply: {attributes: [one]}}}
    - {name: get-ntf, notify: get}
    - {name: part-set, value: 9, attribute-set: part, do: {request: {attributes: [id]}}}
    - {name: part-event, attribute-set: part, event: {attributes: [id]}}
"""


TEAM = """
name: team
attribute-sets:
  - name: team
    name-prefix: team-attr-
    attributes:
      - {name: team-ifindex, type: u32}
      - {name: list-option, type: nest, nested-attributes: options}
  - name: options
    attributes:
      - {name: option, type: nest, nested-attributes: option, multi-attr: true}
  - name: option
    name-prefix: team-attr-option-
    attributes:
      - {name: name, type: string}
operations:
  list:
    - {name: noop, value: 0, attribute-set: team, do: {}}
    - {name: options-set, attribute-set: team, do: {}}
    - {name: options-get, attribute-set: team, do: {}}
    - {name: port-list-get, attribute-set: team, do: {}}
"""


def spec(tmp_path: Path, content: str, name: str = "spec.yaml") -> str:
    path = tmp_path / name
    path.write_text(content)
    return str(path)


def read(capture: str, *options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "nldissect", "read", str(CAPTURES / capture), *options]
    return subprocess.run(command, capture_output=True, text=True, check=False)
