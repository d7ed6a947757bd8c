"""Numbers that measure something, as people read them: durations, times, rates, temperatures.

A row names the unit of its number, `U32(3, measure="ms")`; JSON and fields keep the number.
"""

from __future__ import annotations

from datetime import UTC, datetime

NANOSECONDS = {"ns": 1, "us": 1_000, "ms": 1_000_000, "s": 1_000_000_000}
CLOCK_T = 10_000_000
"""Nanoseconds of one tick of user space's clock: USER_HZ is 100 on every architecture but alpha and ia64."""
TU = 1_024_000
"""Nanoseconds of a time unit of IEEE 802.11."""
TOLD = ("mBm", "mBi", "TU", "kHz")
"""Units that are printed together with the converted value."""
FOREVER = 0xFFFFFFFF
UNLIMITED = {0xFFFFFFFF: str(0xFFFFFFFF), 0xFFFFFFFFFFFFFFFF: "unlimited"}
"""Rates of all ones: in 32 bits they may also mean that another row has the rate."""
LONG = (("d", 86400), ("h", 3600), ("min", 60), ("s", 1))
DECIMAL = (("G", 10**9), ("M", 10**6), ("k", 10**3), ("", 1))


def measured(value: int, measure: str) -> str:
    """Return a number with its unit, and its converted value in parentheses if that differs."""
    if measure in NANOSECONDS:
        exact, easy = f"{value} {measure}", duration(value * NANOSECONDS[measure])
        return f"{exact} ({easy})" if value and easy != exact else exact
    if measure in ("weight", "ttl"):
        return f"{value} ({brief_measure(value, measure)})"
    easy = brief_measure(value, measure)
    if easy == f"{value} {measure}":
        return easy
    exact = f"{value} {measure}" if measure in TOLD else str(value)
    return f"{exact} ({easy})" if value and easy != str(value) else exact


def brief_measure(value: int, measure: str) -> str:
    """Return a number as a line of text has it: a short duration in its unit, anything else converted."""
    if measure in NANOSECONDS:
        if measure == "ns" and value >= 10**6:
            return duration(value)
        return "forever" if measure == "s" and value == FOREVER else f"{value} {measure}"
    if measure in ("weight", "ttl"):
        return f"{measure} {value + (measure == 'weight')}"
    unit, _, parts = measure.partition("/")
    if unit in NANOSECONDS:
        return f"{value // int(parts)} {unit}"
    if measure == "clock_t":
        return duration(value * CLOCK_T)
    if measure in ("time", "time_ns"):
        return moment(value if measure == "time" else value // 10**9) if value else "0"
    if measure == "m°C":
        return f"{rounded(value, 1000)} °C"
    if measure in TOLD:
        return _radio(value, measure)
    if measure.endswith("bit/s"):
        times, _, unit = measure.rpartition(" ")
        return f"{scaled(value * int(times or 1) * dict(DECIMAL)[unit[:-5]])}bit/s"
    if measure == "limit":
        return UNLIMITED.get(value) or str(value)
    if measure == "B/s":
        return UNLIMITED.get(value) or f"{scaled(value * 8)}bit/s"
    return f"{value} {measure}"


def _radio(value: int, measure: str) -> str:
    """Return a number in a unit of 802.11 or nl80211 as wireless tools print it."""
    if measure == "TU":
        return duration(value * TU)
    if measure == "kHz":
        return f"{rounded(value, 1000)} MHz" if value >= 1000 else f"{value} kHz"
    return f"{rounded(value, 100)} d{measure[1:]}"


def duration(nanoseconds: int) -> str:
    """Return a duration in nanoseconds as text, in the largest unit that it fills.

    From two minutes on it is in the largest two of days, hours, minutes and seconds.
    """
    if abs(nanoseconds) < 120 * 10**9:
        unit, size = next(
            ((unit, size) for unit, size in reversed(NANOSECONDS.items()) if abs(nanoseconds) >= size), ("s", 10**9)
        )
        return f"{rounded(nanoseconds, size)} {unit}"
    if nanoseconds == FOREVER * 10**9:
        return "forever"
    left, texts = abs(nanoseconds) // 10**9, []
    for unit, size in LONG:
        if left >= size:
            texts.append(f"{left // size}{unit}")
            left %= size
    return ("-" if nanoseconds < 0 else "") + " ".join(texts[:2])


def moment(seconds: int) -> str:
    """Return a time, in seconds since the epoch, in UTC; the number if it is out of range."""
    try:
        return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
    except (ValueError, OverflowError, OSError):
        return str(seconds)


def scaled(value: int) -> str:
    """Return a number with the decimal prefix that makes it short."""
    letter, size = next(((letter, size) for letter, size in DECIMAL if value >= size), ("", 1))
    return f"{rounded(value, size)} {letter}"


def rounded(value: int, size: int) -> str:
    """Return a quotient with at most three decimals."""
    return f"{value / size:.3f}".rstrip("0").rstrip(".")
