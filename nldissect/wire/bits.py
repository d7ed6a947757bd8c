"""Kinds of bits: C bit-fields, several small numbers that share a byte or a word; bit sets; bitmaps."""

from struct import Struct as Codec
from typing import Any

from nldissect.errors import FieldError

from .enums import Enum
from .kind import Decode
from .numbers import U8, U16, Array
from .text import Text


class Bits(U8):
    """C bit-fields in one byte. The value is one number in which the first has the low bits, whatever the host's order.

    widths   bits of each bit-field by its name, in the order of their declaration

    Compilers begin at the low end on little-endian hosts, at the high end on others.
    """

    def __init__(self, number: int | None, widths: dict[str, int], **options: Any) -> None:
        super().__init__(number, **options)
        self.widths = widths

    def parts(self, value: int) -> dict[str, int]:
        """Return the number in each bit-field, by name."""
        found = {}
        for name, width in self.widths.items():
            found[name] = value & (1 << width) - 1
            value >>= width
        return found

    def decoder(self, order: str) -> Decode:
        whole = super().decoder(order)
        return whole if order == "<" else lambda data, start, end: self._from_high_end(whole(data, start, end))

    def encode(self, value: Any, order: str) -> bytes:
        number = self.accept(value)
        if order == "<" or not isinstance(number, int):
            return super().encode(number, order)
        room = 8 * (self.size or 0)
        whole = 0
        for name, part in self.parts(number).items():
            room -= self.widths[name]
            whole |= part << room
        return super().encode(whole, order)

    def _from_high_end(self, whole: int) -> int:
        room, value, at = 8 * (self.size or 0), 0, 0
        for width in self.widths.values():
            room -= width
            value |= (whole >> room & (1 << width) - 1) << at
            at += width
        return value

    def accept(self, value: Any) -> Any:
        if not isinstance(value, dict):
            return super().accept(value)
        unknown = [name for name in value if name not in self.widths]
        if unknown:
            raise FieldError(f"{self.name} has no {unknown[0]!r}; it has {', '.join(self.widths)}")
        whole = at = 0
        for name, width in self.widths.items():
            part = value.get(name, 0)
            if not isinstance(part, int) or not 0 <= part < 1 << width:
                raise FieldError(f"{name}: {part} does not fit into {width} bits")
            whole |= part << at
            at += width
        return whole

    def shown(self, value: Any) -> str:
        return value.hex() if isinstance(value, bytes) else " ".join(f"{k} {v}" for k, v in self.parts(value).items())

    def json(self, value: Any) -> Any:
        return super().json(value) if isinstance(value, bytes) else self.parts(value)


class Bits16(Bits):
    """Bit-fields in two bytes."""

    letter = "H"


class Bits32(Bits):
    """Bit-fields in four bytes."""

    letter = "I"


class BitSet(Array):
    """A set of bits numbered over bytes from the low bit of the first; the value is the list of the set bits' numbers.

    names   name of each bit by its number

    Zero bytes at the end do not count: the value is the same without them.
    """

    def __init__(
        self, number: int | None = None, names: type[Enum] | None = None, *, size: int | None = None, **options: Any
    ) -> None:
        super().__init__(number, U16(None, names), **options)
        self.size = size

    @property
    def unit(self) -> int:
        return 1

    def fits(self, length: int) -> bool:
        return self.size is None or length == self.size

    def decoder(self, order: str) -> Decode:
        def decode(data: bytes, start: int, end: int) -> list[int]:
            bits = int.from_bytes(data[start:end], "little")
            return [number for number in range(bits.bit_length()) if bits >> number & 1]

        return decode

    def encode(self, value: Any, order: str) -> bytes:
        if isinstance(value, bytes):
            return value
        if not isinstance(value, (list, tuple)):
            raise FieldError(f"{self.name}: {value!r} is no list of bits")
        numbers: list[int] = [self.element.accept(item) for item in value]
        wrong = [one for one in numbers if not isinstance(one, int) or not 0 <= one <= 0xFFFF]
        if wrong:
            raise FieldError(f"{self.name}: {wrong[0]!r} is no number of a bit")
        bits: int = sum(1 << number for number in set(numbers))
        room = (bits.bit_length() + 7) // 8
        if self.size is not None and room > self.size:
            raise FieldError(f"{self.name}: bit {max(numbers)} does not fit into {self.size} bytes")
        return bits.to_bytes(self.size or room, "little")


class BitList(Text):
    """A bitmap of 32-bit words, first word first; the value is text as the kernel prints bitmaps: "0-3,59".

    every   number of words in which all bits have to be set for a summary to print "all"
    """

    code = ""
    exact = True

    def __init__(self, number: int | None, words: int, *, every: int | None = None, **options: Any) -> None:
        super().__init__(number, 4 * words, **options)
        self.every = words if every is None else every

    def brief(self, value: Any) -> str:
        """Return the value as a summary prints it."""
        text = self.shown(value)
        first, _, last = text.partition("-")
        return "all" if first == "0" and last.isdigit() and int(last) >= 32 * self.every - 1 else text

    def decoder(self, order: str) -> Decode:
        words = Codec(f"{order}{(self.size or 0) // 4}I")

        def decode(data: bytes, start: int, end: int) -> str:
            return bit_list(
                [
                    32 * place + bit
                    for place, word in enumerate(words.unpack_from(data, start))
                    for bit in range(32)
                    if word >> bit & 1
                ]
            )

        return decode

    def encode(self, value: Any, order: str) -> bytes:
        if isinstance(value, bytes):
            return value
        words = [0] * ((self.size or 0) // 4)
        try:
            for part in filter(None, str(value).split(",")):
                first, dash, last = part.partition("-")
                for bit in range(int(first), int(last if dash else first) + 1):
                    words[bit // 32] |= 1 << bit % 32
        except (ValueError, IndexError):
            raise FieldError(f"{self.name}: {value!r} is no list of bits below {32 * len(words)}") from None
        return Codec(f"{order}{len(words)}I").pack(*words)

    def shown(self, value: Any) -> str:
        return value.hex() if isinstance(value, bytes) else str(value)


def bit_list(bits: list[int]) -> str:
    """Return ascending numbers as text, with ranges: "0-3,59"."""
    ranges: list[list[int]] = []
    for bit in bits:
        if ranges and bit == ranges[-1][1] + 1:
            ranges[-1][1] = bit
        else:
            ranges.append([bit, bit])
    return ",".join(str(first) if first == last else f"{first}-{last}" for first, last in ranges)
