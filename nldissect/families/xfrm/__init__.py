"""NETLINK_XFRM: IPsec states and policies (linux/xfrm.h)."""
