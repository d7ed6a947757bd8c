"""Named numbers: enumerations and flag bits as plain tables of integers.

`class AF(Enum): INET = 2` reads like the header; `AF.INET` is the integer 2 and its full name is `AF_INET`.
Python's own IntEnum costs some 20 us a member, too much for thousands of constants at start-up.
"""

from typing import ClassVar

from nldissect.errors import FieldError, TableError


def full_name(prefix: str, key: str) -> str:
    """Return a constant's name in C: `("ETH_P", "_8021Q")` gives `ETH_P_8021Q`."""
    bare = key[1:] if key[:1] == "_" and key[1:2].isdigit() else key
    return f"{prefix}_{bare}" if prefix else bare


class Enum:
    """Values of which one holds at a time; of several names for a number, the first is printed.

    names     full name by number
    numbers   number by full name
    """

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
        """Return a full name without its prefix."""
        for one in cls.__mro__:
            prefix = getattr(one, "prefix", "")
            if prefix and name.startswith(prefix + "_"):
                return name.removeprefix(prefix + "_")
        return name

    @classmethod
    def number(cls, name: str) -> int:
        """Return the number of a full or short name, in any case; FieldError if there is none."""
        wanted = name.upper()
        short = f"{cls.prefix}_{wanted}".upper()
        for known, number in cls.numbers.items():
            if known.upper() in (wanted, short):
                return number
        raise FieldError(f"{name!r} is no {cls.__name__}; known are {', '.join(list(cls.numbers)[:8])} ...")


class Flags(Enum):
    """Single bits that may be set together; names of masks of several bits can be written but are never printed.

    off   text for a bit that is not set, by the bit's full name; for other bits it is the short name after a minus
    """

    off: ClassVar[dict[str, str]] = {}

    @classmethod
    def split(cls, value: int) -> tuple[list[str], int]:
        """Return the names of the set bits from the low one up, and the bits without a name as a number."""
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
    """Return the names of the set bits from the low one up; bits without a name follow as one hexadecimal item."""
    known, rest = names.split(value)
    return [*known, hex(rest)] if rest else known
