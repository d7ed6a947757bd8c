"""Named numbers: enumerations and flag bits as plain tables of integers.

`class AF(Enum): INET = 2` reads like the header; `AF.INET` is the integer 2 and its full name is `AF_INET`.
Python's own IntEnum costs some 20 us a member, too much for thousands of constants at start-up.
"""

from typing import ClassVar

from nldissect.errors import FieldError, TableError


def full_name(prefix: str, key: str) -> str:
    """The constant's name in C: `("ETH_P", "_8021Q")` is `ETH_P_8021Q`."""
    bare = key[1:] if key[:1] == "_" and key[1:2].isdigit() else key
    return f"{prefix}_{bare}" if prefix else bare


class Enum:
    """Values of which one holds at a time; the first name given to a number is the one shown."""

    prefix: ClassVar[str] = ""
    names: ClassVar[dict[int, str]] = {}
    numbers: ClassVar[dict[str, int]] = {}

    def __init_subclass__(cls, prefix: str | None = None) -> None:
        cls.prefix = cls.__name__ if prefix is None else prefix
        inherited = cls.names, cls.numbers
        cls.names, cls.numbers = {}, {}
        for key, number in vars(cls).items():
            if key.startswith("__") or key in ("prefix", "names", "numbers", "off") or isinstance(number, classmethod):
                continue
            if not isinstance(number, int):
                raise TableError(f"{cls.__name__}.{key} is {number!r}, not a number")
            name = full_name(cls.prefix, key)
            cls.numbers[name] = number
            cls.names.setdefault(number, name)
        cls.names, cls.numbers = inherited[0] | cls.names, inherited[1] | cls.numbers

    @classmethod
    def short(cls, name: str) -> str:
        """A full name without its prefix."""
        for one in cls.__mro__:
            prefix = getattr(one, "prefix", "")
            if prefix and name.startswith(prefix + "_"):
                return name.removeprefix(prefix + "_")
        return name

    @classmethod
    def number(cls, name: str) -> int:
        """The number of a full or short name, in any case; FieldError if there is none."""
        wanted = name.upper()
        short = f"{cls.prefix}_{wanted}".upper()
        for known, number in cls.numbers.items():
            if known.upper() in (wanted, short):
                return number
        raise FieldError(f"{name!r} is no {cls.__name__}; known are {', '.join(list(cls.numbers)[:8])} ...")


class Flags(Enum):
    """Single bits that may be set together; masks of several bits are kept as numbers but never shown.

    off   what it is called that a bit is not set, by the bit's name; else that has a minus before it
    """

    off: ClassVar[dict[str, str]] = {}

    @classmethod
    def split(cls, value: int) -> tuple[list[str], int]:
        """The names of the set bits from the low one up, and the bits that have no name."""
        names = []
        rest = value
        bit = 1
        while bit <= rest:
            if rest & bit and bit in cls.names:
                names.append(cls.names[bit])
                rest ^= bit
            bit <<= 1
        return names, rest


def flag_list(names: type[Flags], value: int) -> list[str]:
    """Names from the low bit up; bits without a name follow as one hexadecimal item."""
    known, rest = names.split(value)
    return [*known, hex(rest)] if rest else known
