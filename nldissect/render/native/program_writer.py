"""Writer of this package's program file: `python -m nldissect.render.native.program_writer FILE`."""

from __future__ import annotations

import json
import sys
from array import array
from typing import Any
from zlib import crc32

from nldissect.families import load_own
from nldissect.families.answer_rules import RULES
from nldissect.native import catalog
from nldissect.native.catalog import BodyDescription, CatalogSection, Key, section_name
from nldissect.native.catalog_sections import body_of, section_of
from nldissect.native.flattening import Flattener
from nldissect.native.kind_specs import spec_of
from nldissect.native.loader import FORM_BRIEF, FORM_JSON, FORM_TREE, STRUCTURES
from nldissect.native.program import Program
from nldissect.native.program_file import LENGTH, MAGIC, bodies_of, fingerprint
from nldissect.native.silent_rows import mark_unread
from nldissect.native.tables import Bytes
from nldissect.wire.composers import Compose
from nldissect.wire.errno import ERRNO, Errno
from nldissect.wire.kind import Kind
from nldissect.wire.numbers import Scalar
from nldissect.wire.packets.bindings import COMMANDS, DATAGRAMS, EVERY, MESSAGES
from nldissect.wire.packets.message import generic

from ..leaf_text import text_of
from . import field_table_writer

FORMS = {"json": FORM_JSON, "brief": FORM_BRIEF, "tree": FORM_TREE}
VALUES = range(256)
"""Numbers of one byte, whose texts are all stored."""


def write(path: str, dated: bool) -> None:
    """Write the program file.

    dated   it is made of sources that may be edited, which the file is to notice
    """
    load_own()
    program = Program(quote)
    keys: list[Key] = [catalog.EVERY, catalog.SEALED, "", *COMMANDS]
    keys += [one for one in dict.fromkeys([*MESSAGES, *DATAGRAMS]) if one is not EVERY]
    found = [_section(key) for key in keys]
    sections = {section_name(key): _told(section, program) for key, section in zip(keys, found, strict=True)}
    parts, told = bytearray(), {"sections": sections, "words": _words(program)}
    about: dict[str, Any] = {
        name: {key: _placed(parts, text(value).encode()) for key, value in some.items()} for name, some in told.items()
    }
    lines, kinds = field_table_writer.tables(program.flattener)
    digest, newest = fingerprint()
    row_specs, specs = _specs(program.flattener)
    mark_unread(program, (body.layer_in(program) for section in found for body in bodies_of(section)))
    about |= {
        "arrays": {name: _placed(parts, data) for name, data in program.packed().items()},
        "origins": _placed(parts, _origins(program.flattener)), "row_specs": _placed(parts, row_specs),
        "specs": _placed(parts, specs), "fields": _placed(parts, lines), "kinds": _placed(parts, kinds),
        "fields_crc": crc32(kinds, crc32(lines)),
        "constants": [program.undecoded, program.secret, program.leftover], "name_count": program.name_count,
        "rules": _rules(), "sources": digest, "sizes": [*STRUCTURES], "newest": newest if dated else 0,
        "size": len(parts),
    }  # fmt: skip
    head = text(about).encode()
    head += b" " * (-(len(MAGIC) + LENGTH.size + len(head)) % 8)
    with open(path, "wb") as file:
        file.write(MAGIC + LENGTH.pack(len(head)) + head + parts)


def quote(value: Any) -> str:
    """Return a value as the JSON that is printed."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def text(value: Any) -> str:
    """Return a value as the JSON of the file."""
    return json.dumps(value, separators=(",", ":"))


def _placed(parts: bytearray, data: Bytes) -> list[int]:
    """Append a part; return its offset and size in bytes."""
    parts += bytes(-len(parts) % 8)
    at = len(parts)
    parts += data
    return [at, len(data)]


def _section(key: Key) -> CatalogSection:
    """Return the section of a key; "" is that of a family without tables, with the body of unknown commands."""
    return CatalogSection({}, False, {}, {}, unknown=body_of(generic)) if key == "" else section_of(key)


def _told(section: CatalogSection, program: Program) -> dict[str, Any]:
    bodies = bodies_of(section)
    numbers = {body: number for number, body in enumerate(bodies)}
    return {
        "bodies": [_body(one, program) for one in bodies],
        "bindings": {
            number: [[one.name, numbers[one.message], *one[2:]] for one in some]
            for number, some in section.bindings.items()
        },
        "keyed": section.keyed,
        "contents": {
            number: [
                one.size, one.unset, one.paths, {key.decode("latin-1"): some for key, some in one.of_kind.items()},
                one.answers,
            ]
            for number, one in section.contents.items()
        },
        "births": section.births,
        "datagrams": [
            [numbers[one.message], one.begins.decode("latin-1"), one.has.decode("latin-1")]
            for one in section.datagrams
        ],
        "unknown": None if section.unknown is None else numbers[section.unknown],
        "common": section.common, "rest": section.rest,
    }  # fmt: skip


def _body(body: BodyDescription, program: Program) -> list[Any]:
    return [body.name, body.keyed, body.known, body.untyped, body.plan, body.layer_in(program)]


def _words(program: Program) -> dict[str, Any]:
    templates = program.flattener.templates
    return {
        "names": program.names, "selected": program.selected, "cases": [*program.cases], "sets": program.set_names,
        "structs": program.struct_names, **_texts(program.flattener),
        **{f"beside {at}": _beside(*lists) for at, lists in templates.beside.items()},
        **{f"composer {at}": _composer(*composer) for at, composer in templates.composers.items()},
    }  # fmt: skip


def _beside(kinds: list[Kind], lists: str) -> list[Any] | None:
    specs = [spec_of(kind) for kind in kinds]
    return None if None in specs else [specs, lists]


def _composer(compose: Compose, names: dict[int, str]) -> list[Any]:
    return [compose.__module__, compose.__name__, names]


def _texts(flattener: Flattener) -> dict[str, Any]:
    """Return texts of values that the core does not print, where there are few: by row the number of a table."""
    tables: dict[str, int] = {}
    rows = {}
    for row, kind in flattener.kinds.items():
        if isinstance(kind, Errno):
            values: Any = (0, *(-number for number in ERRNO.names))
        elif isinstance(kind, Scalar) and kind.size == 1 and kind.refers is None:
            values = VALUES if kind.letter.isupper() else range(-128, 128)
        else:
            continue
        forms = [FORMS[one] for one in flattener.asked[row]]
        found = {form: {value: text_of(kind, value, form) for value in values} for form in forms}
        if found:
            rows[row] = tables.setdefault(text(found), len(tables))
    return {"texts": rows, **{f"texts {number}": json.loads(one) for one, number in tables.items()}}


def _specs(flattener: Flattener) -> tuple[bytes, bytes]:
    """Return kinds with values that the core does not print, and that need no Scapy: see StoredProgram.row_specs."""
    places: dict[str, tuple[int, int]] = {}
    rows, specs = array("I", bytes(8 * len(flattener.rows))), bytearray()
    for row, kind in flattener.kinds.items():
        spec = spec_of(kind) if flattener.asked[row] else None
        if spec is None:
            continue
        told = text(spec)
        if told not in places:
            places[told] = len(specs), len(specs) + len(told)
            specs += told.encode()
        rows[2 * row : 2 * row + 2] = array("I", places[told])
    return rows.tobytes(), bytes(specs)


def _origins(flattener: Flattener) -> bytes:
    found = array("I", bytes(12 * len(flattener.rows)))
    for row, origin in flattener.origins.items():
        found[3 * row : 3 * row + 3] = array("I", origin)
    return found.tobytes()


def _rules() -> dict[str, Any]:
    told: dict[str, Any] = {}
    for name, value in RULES._asdict().items():
        told[name] = [*value.items()] if hasattr(value, "items") else sorted(value, key=repr)
    return told


if __name__ == "__main__":
    write(sys.argv[1], "dated" in sys.argv[2:])
