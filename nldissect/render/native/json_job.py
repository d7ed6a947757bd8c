"""`-T ndjson` and `-T json` of one capture by the native core, window by window."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from nldissect.capfile import Interface
from nldissect.native.loader import ARRAY, LINES
from nldissect.uapi import NLMSG_HDRLEN
from nldissect.wire.protocol import NETLINK, flag_names

from ..json_text import encode_alone
from ..origins.frame_source import source_json
from .heads import DescribedType
from .read_job import NativeRead

if TYPE_CHECKING:
    from .cell_program import CellProgram
    from .read_job import RequestedFilter


def native_read(
    options: argparse.Namespace, wanted: RequestedFilter | None, library: str, cells: CellProgram | None
) -> NativeRead:
    """Return what reads a capture for the formats `ndjson` and `json`, see render/formats."""
    return NativeJsonRead(options, wanted, library)


class NativeJsonRead(NativeRead):
    """The job of printing the messages of one capture as JSON: lines, or an array with a separator before each."""

    def __init__(self, options: argparse.Namespace, wanted: RequestedFilter | None, library: str) -> None:
        self._is_array = options.format == "json"
        super().__init__(options, wanted, library, ARRAY if self._is_array else LINES, around_json)

    def first_piece(self, piece: bytes | memoryview) -> bytes | memoryview:
        return b"[" + piece[1:] if self._is_array else piece

    def end(self, begun: bool) -> bytes:
        if not self._is_array:
            return b""
        return b"\n]\n" if begun else b"[]\n"

    def _ahead(self, about: DescribedType, told: bool) -> str:
        return ahead_json(about, told)

    def _interface(self, interface: Interface) -> bytes:
        return source_json(interface).encode()


def around_json(about: DescribedType, flags: int, told: bool, words: str) -> dict[str, str]:
    """Return the JSON around the numbers of messages, without `ahead`."""
    names = encode_alone(flag_names(about.called, flags, about.number))
    type_name = encode_alone(about.number if about.type_name == str(about.number) else about.type_name)
    command = encode_alone(about.command_name or about.command)
    note = f',"notes":[{{"severity":"note","text":{encode_alone(words)},"offset":{NLMSG_HDRLEN},"length":'
    return {
        "type": f',"nlmsg_type":{type_name},"nlmsg_flags":{names},"nlmsg_seq":',
        "generic": f'"genlmsghdr":{{"cmd":{command},"version":' if about.command is not None else "",
        "family": "}" if about.family is None else f',"family":{encode_alone(about.family)}}}',
        "note": note if words else "",
    }


def ahead_json(about: DescribedType, told: bool) -> str:
    """Return the JSON from the protocol to the length of messages, if they have one."""
    known = ',"direction_known":true' if told else ""
    protocol = encode_alone(NETLINK.names.get(about.protocol) or about.protocol)
    length = ',"nlmsg_len":' if about.skip else ""
    return f',"protocol":{protocol},"direction":{encode_alone(about.direction)}{known}{length}'
