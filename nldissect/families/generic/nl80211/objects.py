"""Objects of nl80211, and what of them is no change: counters, ages, generations."""

from nldissect.wire import bind_object

bind_object(
    "wireless interface", "nl80211", new="NL80211_CMD_NEW_INTERFACE", gone="NL80211_CMD_DEL_INTERFACE",
    key="NL80211_ATTR_WDEV NL80211_ATTR_IFINDEX", called="{NL80211_ATTR_IFNAME|NL80211_ATTR_IFINDEX|NL80211_ATTR_WDEV}",
    quiet="NL80211_ATTR_GENERATION NL80211_ATTR_TXQ_STATS", leaves=True,
)
bind_object(
    "station", "nl80211", new="NL80211_CMD_NEW_STATION", gone="NL80211_CMD_DEL_STATION",
    key="NL80211_ATTR_IFINDEX NL80211_ATTR_MAC", called="{NL80211_ATTR_MAC} dev {NL80211_ATTR_IFINDEX}",
    quiet="NL80211_ATTR_GENERATION NL80211_ATTR_STA_INFO", leaves=True,
)
