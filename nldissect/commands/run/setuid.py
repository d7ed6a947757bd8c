"""Privileges that the kernel withholds from a program that is traced without CAP_SYS_PTRACE.

These are set-user-ID, set-group-ID, and the capabilities of its file (security/commoncap.c: cap_bprm_creds_from_file).
"""

from __future__ import annotations

import grp
import os
import pwd
import stat

from nldissect.capture.host_checks import effective_capabilities
from nldissect.uapi import CAP_SYS_PTRACE

CAP_SETUID = 7


def withheld(path: str) -> str | None:
    """Return the privilege that a file gives its program, but not if this process has it traced; None: nothing."""
    mine = effective_capabilities()
    if mine >> CAP_SYS_PTRACE & 1:
        return None
    try:
        status = os.stat(path)
        if os.statvfs(path).f_flag & os.ST_NOSUID or _is_script(path):
            return None
    except OSError:
        return None
    if not mine >> CAP_SETUID & 1:
        if status.st_mode & stat.S_ISUID and status.st_uid != os.geteuid():
            return f"set-user-ID {_user(status.st_uid)}"
        if status.st_mode & stat.S_ISGID and status.st_mode & stat.S_IXGRP and status.st_gid != os.getegid():
            return f"set-group-ID {_group(status.st_gid)}"
    try:
        os.getxattr(path, "security.capability")
    except OSError:
        return None
    return "given capabilities by its file"


def _is_script(path: str) -> bool:
    """Return whether an interpreter runs a file, so that its mode bits have no effect; False if it can't be read."""
    try:
        with open(path, "rb") as file:
            return file.read(2) == b"#!"
    except PermissionError:
        return False


def _user(number: int) -> str:
    try:
        return pwd.getpwuid(number).pw_name
    except KeyError:
        return str(number)


def _group(number: int) -> str:
    try:
        return grp.getgrgid(number).gr_name
    except KeyError:
        return str(number)
