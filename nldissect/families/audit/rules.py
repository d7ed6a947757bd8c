"""Rules as auditctl -l writes them (lib/fieldtab.h and src/auditctl-listing.c of audit-userspace)."""

from functools import cached_property

from nldissect.wire.errno import ERRNO
from nldissect.wire.numbers import U32
from nldissect.wire.protocol import NETLINK
from nldissect.wire.worded import Worded32, WordedS32

from .fields import AUDIT_FIELD, AUDIT_OPERATOR


class audit_arch(Worded32):
    """__AUDIT_ARCH_64BIT tells the two of a machine apart."""

    def words(self, value: int) -> str:
        return "b64" if value & 0x8000_0000 else "b32"


class audit_perm(Worded32):
    def words(self, value: int) -> str:
        return "".join(letter for letter, bit in zip("rwxa", (4, 2, 1, 8), strict=True) if value & bit) or hex(value)


class audit_exit(WordedS32):
    def words(self, value: int) -> str:
        name = ERRNO.names.get(abs(value))
        return str(value) if name is None else f"-{name}" if value < 0 else name


class audit_type(Worded32):
    @cached_property
    def types(self) -> dict[int, str]:
        """Names of message types; imports the tables of their bodies."""
        from nldissect.wire.packets.bindings import MESSAGES, ensure_protocol

        ensure_protocol(NETLINK.AUDIT)
        return {number: bindings[0].name for number, bindings in MESSAGES[NETLINK.AUDIT].items() if bindings}

    def words(self, value: int) -> str:
        return self.types.get(value, str(value)).removeprefix("AUDIT_")


WORDS = {
    AUDIT_FIELD.LOGINUID: "auid", AUDIT_FIELD.FILTERKEY: "key", AUDIT_FIELD.WATCH: "path",
    AUDIT_FIELD.ARG0: "a0", AUDIT_FIELD.ARG1: "a1", AUDIT_FIELD.ARG2: "a2", AUDIT_FIELD.ARG3: "a3",
}

SIGNS = {
    AUDIT_OPERATOR.EQUAL: "=", AUDIT_OPERATOR.NOT_EQUAL: "!=", AUDIT_OPERATOR.LESS_THAN: "<",
    AUDIT_OPERATOR.LESS_THAN_OR_EQUAL: "<=", AUDIT_OPERATOR.GREATER_THAN: ">",
    AUDIT_OPERATOR.GREATER_THAN_OR_EQUAL: ">=", AUDIT_OPERATOR.BIT_MASK: "&", AUDIT_OPERATOR.BIT_TEST: "&=",
}

HEXADECIMAL = U32(None, base=16)

KINDS = {
    AUDIT_FIELD.ARCH: audit_arch(None), AUDIT_FIELD.PERM: audit_perm(None), AUDIT_FIELD.EXIT: audit_exit(None),
    AUDIT_FIELD.MSGTYPE: audit_type(None), AUDIT_FIELD.INODE: U32(None),
    **dict.fromkeys((AUDIT_FIELD.ARG0, AUDIT_FIELD.ARG1, AUDIT_FIELD.ARG2, AUDIT_FIELD.ARG3), HEXADECIMAL),
    **dict.fromkeys((
        AUDIT_FIELD.WATCH, AUDIT_FIELD.DIR, AUDIT_FIELD.EXE, AUDIT_FIELD.FILTERKEY, AUDIT_FIELD.SUBJ_USER,
        AUDIT_FIELD.SUBJ_ROLE, AUDIT_FIELD.SUBJ_TYPE, AUDIT_FIELD.SUBJ_SEN, AUDIT_FIELD.SUBJ_CLR, AUDIT_FIELD.OBJ_USER,
        AUDIT_FIELD.OBJ_ROLE, AUDIT_FIELD.OBJ_TYPE, AUDIT_FIELD.OBJ_LEV_LOW, AUDIT_FIELD.OBJ_LEV_HIGH,
    )),
}
