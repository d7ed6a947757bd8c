"""NETLINK_SOCK_DIAG: what the kernel says of sockets, one address family a file (linux/sock_diag.h)."""
