"""NETLINK_AUDIT: settings and rules in structs, records in text (linux/audit.h)."""
