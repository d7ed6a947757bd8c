"""Refusals of nl80211 requests: the interface that they are for."""

from ...interfaces import bind_interface

bind_interface("nl80211", "NL80211_ATTR_IFINDEX", source="__cfg80211_rdev_from_attrs (net/wireless/nl80211.c)")
