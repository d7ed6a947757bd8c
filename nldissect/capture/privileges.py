"""Privileges of this process, and how to drop them: capabilities(7), credentials(7), prctl(2)."""

from __future__ import annotations

import ctypes
import errno
import os
import pwd
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from nldissect.errors import CaptureError
from nldissect.uapi import CAP_DAC_READ_SEARCH, CLONE_NEWNET

_VERSION_3 = 0x20080522
PR_SET_NAME, PR_SET_NO_NEW_PRIVS = 15, 38
CAP_DAC_OVERRIDE = 1


class _CapHeader(ctypes.Structure):
    _fields_ = [("version", ctypes.c_uint32), ("pid", ctypes.c_int)]


class _Data(ctypes.Structure):
    _fields_ = [("effective", ctypes.c_uint32), ("permitted", ctypes.c_uint32), ("inheritable", ctypes.c_uint32)]


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def _check(status: int, what: str) -> None:
    if status != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")


def keep_only(*capabilities: int) -> None:
    """Drop every capability of this process but these, and the ways to gain new ones."""
    wanted = sum(1 << number for number in capabilities)
    libc = _libc()
    _check(libc.prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "no_new_privs")
    data = (_Data * 2)(*(_Data(wanted >> shift & 0xFFFF_FFFF, wanted >> shift & 0xFFFF_FFFF, 0) for shift in (0, 32)))
    _check(libc.capset(ctypes.byref(_CapHeader(_VERSION_3, 0)), data), "capset")


def set_name(name: str) -> None:
    """Set the name that ps and /proc/PID/comm show; 15 bytes of it are kept."""
    _libc().prctl(PR_SET_NAME, ctypes.c_char_p(name.encode()), 0, 0, 0)


def final_user(user: str | None) -> pwd.struct_passwd | None:
    """Return the user to become: the one named, or the caller of sudo; None to stay the present one.

    Raises CaptureError if there is no such user, or this process is not root.
    """
    if user is None:
        number = os.environ.get("SUDO_UID", "")
        if os.geteuid() != 0 or not number.isdigit() or int(number) == 0:
            return None
        try:
            return pwd.getpwuid(int(number))
        except KeyError:
            return None
    try:
        entry = pwd.getpwnam(user)
    except KeyError:
        raise CaptureError(f"no user {user} on this host; see `getent passwd`") from None
    if entry.pw_uid == os.geteuid():
        return None
    if os.geteuid() != 0:
        raise CaptureError(f"becoming user {user} needs root; use sudo, or leave out --user")
    return entry


def become(user: str | None) -> None:
    """Become the final user with that user's groups; nothing of root is kept."""
    entry = final_user(user)
    if entry is None:
        return
    try:
        os.initgroups(entry.pw_name, entry.pw_gid)
        os.setresgid(entry.pw_gid, entry.pw_gid, entry.pw_gid)
        os.setresuid(entry.pw_uid, entry.pw_uid, entry.pw_uid)
    except OSError as error:
        if error.errno not in (errno.EINVAL, errno.EPERM):
            raise
        if user is not None:
            raise CaptureError(f"can't become user {user} in this user namespace; leave out --user") from None


def drop_privileges(user: str | None = None, reads: Iterable[str] = ()) -> bool:
    """Become the final user and give up every capability: for the process that decodes and shows.

    reads   files that it will read later, as its own program text: where that user may not read them, it stays root
            with the capability to read any file, and no other

    Return False if it stays root for that reason.
    """
    entry = final_user(user)
    whole = entry is None or _may_read(entry, reads)
    if whole:
        become(user)
    keep_only(*((CAP_DAC_READ_SEARCH,) if os.geteuid() == 0 else ()))
    return whole


def _may_read(entry: pwd.struct_passwd, paths: Iterable[str]) -> bool:
    before = os.geteuid(), os.getegid()
    os.setegid(entry.pw_gid)
    os.seteuid(entry.pw_uid)
    try:
        return all(os.access(path, os.R_OK, effective_ids=True) for path in paths)
    finally:
        os.seteuid(before[0])
        os.setegid(before[1])


def enter_network(name: str) -> None:
    """Move this process into a network namespace: a name of `ip netns`, a pid, or a path; CaptureError if it can't."""
    path = f"/proc/{name}/ns/net" if name.isdigit() else name if "/" in name else f"/run/netns/{name}"
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
    except PermissionError:
        raise CaptureError(f"the network namespace of {name} may not be entered by this user; use sudo") from None
    except OSError:
        raise CaptureError(f"no network namespace {name}; see `ip netns list`, or name a pid or a path") from None
    try:
        _check(_libc().setns(descriptor, CLONE_NEWNET), "setns")
    except OSError as error:
        if error.errno == errno.EPERM:
            raise CaptureError(f"entering network namespace {name} needs CAP_SYS_ADMIN; use sudo") from None
        raise CaptureError(f"{path} is no network namespace; name one of `ip netns list`, a pid, or a path") from None
    finally:
        os.close(descriptor)


@contextmanager
def network(name: str | None) -> Iterator[None]:
    """Enter another network namespace for the length of a block; None is the present one."""
    if name is None:
        yield
        return
    back = os.open("/proc/self/ns/net", os.O_RDONLY | os.O_CLOEXEC)
    try:
        enter_network(name)
        try:
            yield
        finally:
            _check(_libc().setns(back, CLONE_NEWNET), "setns")
    finally:
        os.close(back)
