"""NETLINK_RDMA: a message type is a client above ten bits of its operation (rdma/rdma_netlink.h)."""
