"""Numbers as ip(8) writes them: types of service, realms; the names are those that iproute2 brings along."""

from nldissect.wire.worded import Worded8, Worded32

DSFIELD = {
    0x20: "CS1", 0x28: "AF11", 0x30: "AF12", 0x38: "AF13", 0x40: "CS2", 0x48: "AF21", 0x50: "AF22", 0x58: "AF23",
    0x60: "CS3", 0x68: "AF31", 0x70: "AF32", 0x78: "AF33", 0x80: "CS4", 0x88: "AF41", 0x90: "AF42", 0x98: "AF43",
    0xA0: "CS5", 0xB8: "EF", 0xC0: "CS6", 0xE0: "CS7",
}


class Dsfield(Worded8):
    """The type of service: DSCP, and two bits below it."""

    def words(self, value: int) -> str:
        return DSFIELD.get(value) or f"0x{value:02x}"


class Dscp(Worded8):
    """The DSCP alone."""

    def words(self, value: int) -> str:
        return DSFIELD.get(value << 2) or str(value)


class Realms(Worded32):
    """Of a rule: where from, where to."""

    def words(self, value: int) -> str:
        from_, to = divmod(value, 1 << 16)
        return f"{from_}/{to}" if from_ else str(to)


class Flow(Realms):
    """Of a route."""

    def words(self, value: int) -> str:
        return f"realm{'s' * (value >> 16 > 0)} {super().words(value)}"
