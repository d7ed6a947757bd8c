"""NETLINK_ISCSI: iscsid and the kernel's transports (scsi/iscsi_if.h, drivers/scsi/scsi_transport_iscsi.c)."""
