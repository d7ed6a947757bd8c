"""DRBD: states and counters of resources, devices, connections, peers (linux/drbd_genl.h)."""

from nldissect.wire import U8, U32, U64, Array, AttrSet, Bits32, Pad, Text

from .states import DRBD_CONNS, DRBD_DISK_STATE, DRBD_NOTIFICATION, DRBD_ROLE, DRBD_STATE, MDF, SIB, WRITE_ORDERING


class DRBD_state_info(AttrSet, prefix="T"):
    UNSPEC           = Pad(0)
    sib_reason       = U32(1, SIB)
    current_state    = Bits32(2, DRBD_STATE)
    capacity         = U64(3)
    ed_uuid          = U64(4, base=16)
    prev_state       = Bits32(5, DRBD_STATE)
    new_state        = Bits32(6, DRBD_STATE)
    uuids            = Array(7, U64(None, base=16))
    disk_flags       = U32(8, MDF)
    bits_total       = U64(9)
    bits_oos         = U64(10)
    bits_rs_total    = U64(11)
    bits_rs_failed   = U64(12)
    helper           = Text(13)
    helper_exit_code = U32(14)
    send_cnt         = U64(15)
    recv_cnt         = U64(16)
    read_cnt         = U64(17)
    writ_cnt         = U64(18)
    al_writ_cnt      = U64(19)
    bm_writ_cnt      = U64(20)
    ap_bio_cnt       = U32(21)
    ap_pending_cnt   = U32(22)
    rs_pending_cnt   = U32(23)


class DRBD_resource_info(AttrSet, prefix="T"):
    res_role     = U32(1, DRBD_ROLE)
    res_susp     = U8(2)
    res_susp_nod = U8(3)
    res_susp_fen = U8(4)


class DRBD_device_info(AttrSet, prefix="T"):
    dev_disk_state = U32(1, DRBD_DISK_STATE)


class DRBD_connection_info(AttrSet, prefix="T"):
    conn_connection_state = U32(1, DRBD_CONNS)
    conn_role             = U32(2, DRBD_ROLE)


class DRBD_peer_device_info(AttrSet, prefix="T"):
    peer_repl_state             = U32(1, DRBD_CONNS)
    peer_disk_state             = U32(2, DRBD_DISK_STATE)
    peer_resync_susp_user       = U32(3)
    peer_resync_susp_peer       = U32(4)
    peer_resync_susp_dependency = U32(5)


class DRBD_resource_statistics(AttrSet, prefix="T"):
    res_stat_write_ordering = U32(1, WRITE_ORDERING)


class DRBD_device_statistics(AttrSet, prefix="T"):
    UNSPEC                = Pad(0)
    dev_size              = U64(1)
    dev_read              = U64(2)
    dev_write             = U64(3)
    dev_al_writes         = U64(4)
    dev_bm_writes         = U64(5)
    dev_upper_pending     = U32(6)
    dev_lower_pending     = U32(7)
    dev_upper_blocked     = U8(8)
    dev_lower_blocked     = U8(9)
    dev_al_suspended      = U8(10)
    dev_exposed_data_uuid = U64(11, base=16)
    dev_current_uuid      = U64(12, base=16)
    dev_disk_flags        = U32(13, MDF)
    history_uuids         = Array(14, U64(None, base=16))


class DRBD_connection_statistics(AttrSet, prefix="T"):
    conn_congested = U8(1)


class DRBD_peer_device_statistics(AttrSet, prefix="T"):
    UNSPEC                 = Pad(0)
    peer_dev_received      = U64(1)
    peer_dev_sent          = U64(2)
    peer_dev_pending       = U32(3)
    peer_dev_unacked       = U32(4)
    peer_dev_out_of_sync   = U64(5)
    peer_dev_resync_failed = U64(6)
    peer_dev_bitmap_uuid   = U64(7, base=16)
    peer_dev_flags         = U32(9, MDF)


class DRBD_notification_header(AttrSet, prefix="T"):
    nh_type = U32(1, DRBD_NOTIFICATION, base=16)


class DRBD_helper_info(AttrSet, prefix="T"):
    helper_name   = Text(1)
    helper_status = U32(2)
