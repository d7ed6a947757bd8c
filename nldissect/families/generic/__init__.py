"""Generic netlink: one file or folder a family, called after it."""

from nldissect.wire.bindings import KEYED

KEYED |= {
    "macsec", "nl802154", "MAC80211_HWSIM", "SEG6",
}
