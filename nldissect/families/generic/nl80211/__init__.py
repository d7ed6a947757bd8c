"""nl80211: the configuration of wireless LAN (linux/nl80211.h, net/wireless/).

Every message is made of one set of attributes, NL80211_ATTR; the sets inside it are sorted by subject.
"""
