"""NETLINK_SOCK_DIAG: what the kernel says of sockets, one address family a file (linux/sock_diag.h)."""

SOCK_DIAG_BY_FAMILY = 20
