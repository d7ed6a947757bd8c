"""Generic netlink: one file or folder a family, called after it."""

from nldissect.wire.bindings import KEYED

KEYED |= {
    "macsec", "SEG6",
}
