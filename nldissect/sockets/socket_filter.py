"""Capture filters on a live nlmon socket: libpcap's program counts from a cooked header that the data does not have."""

from __future__ import annotations

import ctypes
import socket
import struct
from errno import EINVAL, ENOSYS

from scapy.arch.common import compile_filter
from scapy.error import Scapy_Exception

from nldissect.errors import NetlinkError
from nldissect.uapi import SLL_HDR_LEN

DLT_NETLINK = 253
SO_ATTACH_FILTER = 26
# linux/filter.h: loads at fixed offsets with their sizes, and what the kernel offers besides the data.
ABSOLUTE = {0x20: 4, 0x28: 2, 0x30: 1}
INDEXED = {0x40, 0x48, 0x50, 0xB1}
LENGTH, ADD, JUMP, JUMP_ALWAYS, RETURN = 0x80, 0x04, 0x05, 0x05, 0x06
SKF_AD_PROTOCOL, SKF_AD_PKTTYPE = 0xFFFFF000, 0xFFFFF004
WHOLE = 0xFFFFFFFF

_INSTRUCTION = struct.Struct("=HBBI")

Instruction = tuple[int, int, int, int]


def program(text: str) -> list[Instruction]:
    """Return the instructions of a filter, for data without the cooked header; NetlinkError if it can't be used."""
    try:
        compiled = compile_filter(text, linktype=DLT_NETLINK)
    except ImportError as error:
        raise NetlinkError("a capture filter needs libpcap's shared library; use lfilter= instead", ENOSYS) from error
    except Scapy_Exception as error:
        raise NetlinkError(f"{error}".replace("Failed to compile filter expression", "no filter:"), EINVAL) from error
    old = [compiled.bf_insns[at] for at in range(compiled.bf_len)]
    moved = [_moved(text, (one.code, one.jt, one.jf, one.k)) for one in old]
    return _joined(moved)


def _moved(text: str, instruction: Instruction) -> list[Instruction]:
    """Return the instructions that replace one: its offset counts from the end of the cooked header."""
    code, jt, jf, k = instruction
    if code in INDEXED:
        raise NetlinkError(f"{text!r} computes an offset; use lfilter= instead", EINVAL)
    if code == LENGTH:
        return [instruction, (ADD, 0, 0, SLL_HDR_LEN)]
    if code == RETURN and k:
        return [(code, jt, jf, WHOLE)]
    size = ABSOLUTE.get(code)
    if size is None:
        return [instruction]
    if k >= SLL_HDR_LEN:
        return [(code, jt, jf, k - SLL_HDR_LEN)]
    if (k, size) == (14, 2):
        return [(code, jt, jf, SKF_AD_PROTOCOL)]
    if (k, size) == (0, 2):
        return [(code, jt, jf, SKF_AD_PKTTYPE)]
    raise NetlinkError(f"{text!r} asks bytes {k} to {k + size - 1} of the header, which a live socket lacks", EINVAL)


def _joined(moved: list[list[Instruction]]) -> list[Instruction]:
    """Return the program in one piece; jumps skip the instructions put in between."""
    place = [0]
    for group in moved:
        place.append(place[-1] + len(group))
    program = []
    for at, group in enumerate(moved):
        code, jt, jf, k = group[0]
        if code & 0x07 == JUMP:
            after = place[at] + 1
            if code == JUMP_ALWAYS:
                k = place[at + 1 + k] - after
            else:
                jt, jf = place[at + 1 + jt] - after, place[at + 1 + jf] - after
        program += [(code, jt, jf, k), *group[1:]]
    return program


def attach(sock: socket.socket, text: str) -> None:
    """Let the kernel deliver only what the filter accepts."""
    instructions = b"".join(_INSTRUCTION.pack(*one) for one in program(text))
    buffer = ctypes.create_string_buffer(instructions, len(instructions))
    fprog = struct.pack("@HP", len(instructions) // _INSTRUCTION.size, ctypes.addressof(buffer))
    sock.setsockopt(socket.SOL_SOCKET, SO_ATTACH_FILTER, fprog)
