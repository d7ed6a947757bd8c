"""Generic netlink: one file or folder a family, called after it."""
