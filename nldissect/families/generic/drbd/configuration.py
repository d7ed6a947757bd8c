"""DRBD: what is configured, and parameters of commands (linux/drbd_genl.h). Names are the kernel's own."""

from nldissect.families.common import kernel_sockaddr_storage
from nldissect.wire import S32, U8, U32, U64, AttrSet, Pad, Secret, Struct, Text

from .states import (
    DRBD_AFTER_SB,
    DRBD_FENCING,
    DRBD_IO_ERROR,
    DRBD_MD_INDEX,
    DRBD_ON_CONGESTION,
    DRBD_ON_NO_DATA,
    DRBD_PROT,
    DRBD_READ_BALANCING,
    DRBD_TIMEOUT_FLAG,
)


class DRBD_cfg_reply(AttrSet, prefix="T"):
    info_text = Text(1)


class DRBD_cfg_context(AttrSet, prefix="T"):
    ctx_volume        = U32(1)
    ctx_resource_name = Text(2)
    ctx_my_addr       = Struct(3, kernel_sockaddr_storage)
    ctx_peer_addr     = Struct(4, kernel_sockaddr_storage)


class DRBD_disk_conf(AttrSet, prefix="T"):
    UNSPEC                    = Pad(0)
    backing_dev               = Text(1)
    meta_dev                  = Text(2)
    meta_dev_idx              = S32(3, DRBD_MD_INDEX)
    disk_size                 = U64(4)
    max_bio_bvecs             = U32(5)
    on_io_error               = U32(6, DRBD_IO_ERROR)
    fencing                   = U32(7, DRBD_FENCING)
    resync_rate               = U32(8)
    resync_after              = S32(9)
    al_extents                = U32(10)
    c_plan_ahead              = U32(11)
    c_delay_target            = U32(12)
    c_fill_target             = U32(13)
    c_max_rate                = U32(14)
    c_min_rate                = U32(15)
    disk_barrier              = U8(16)
    disk_flushes              = U8(17)
    disk_drain                = U8(18)
    md_flushes                = U8(19)
    disk_timeout              = U32(20)
    read_balancing            = U32(21, DRBD_READ_BALANCING)
    al_updates                = U8(23)
    discard_zeroes_if_aligned = U8(24)
    rs_discard_granularity    = U32(25)
    disable_write_same        = U8(26)


class DRBD_res_opts(AttrSet, prefix="T"):
    cpu_mask   = Text(1)
    on_no_data = U32(2, DRBD_ON_NO_DATA)


class DRBD_net_conf(AttrSet, prefix="T"):
    shared_secret          = Secret(1)
    cram_hmac_alg          = Text(2)
    integrity_alg          = Text(3)
    verify_alg             = Text(4)
    csums_alg              = Text(5)
    wire_protocol          = U32(6, DRBD_PROT)
    connect_int            = U32(7)
    timeout                = U32(8)
    ping_int               = U32(9)
    ping_timeo             = U32(10)
    sndbuf_size            = U32(11)
    rcvbuf_size            = U32(12)
    ko_count               = U32(13)
    max_buffers            = U32(14)
    max_epoch_size         = U32(15)
    unplug_watermark       = U32(16)
    after_sb_0p            = U32(17, DRBD_AFTER_SB)
    after_sb_1p            = U32(18, DRBD_AFTER_SB)
    after_sb_2p            = U32(19, DRBD_AFTER_SB)
    rr_conflict            = U32(20, DRBD_AFTER_SB)
    on_congestion          = U32(21, DRBD_ON_CONGESTION)
    cong_fill              = U32(22)
    cong_extents           = U32(23)
    two_primaries          = U8(24)
    discard_my_data        = U8(25)
    tcp_cork               = U8(26)
    always_asbp            = U8(27)
    tentative              = U8(28)
    use_rle                = U8(29)
    csums_after_crash_only = U8(33)
    sock_check_timeo       = U32(34)


class DRBD_set_role_parms(AttrSet, prefix="T"):
    assume_uptodate = U8(1)


class DRBD_resize_parms(AttrSet, prefix="T"):
    UNSPEC         = Pad(0)
    resize_size    = U64(1)
    resize_force   = U8(2)
    no_resync      = U8(3)
    al_stripes     = U32(4)
    al_stripe_size = U32(5)


class DRBD_start_ov_parms(AttrSet, prefix="T"):
    UNSPEC          = Pad(0)
    ov_start_sector = U64(1)
    ov_stop_sector  = U64(2)


class DRBD_new_c_uuid_parms(AttrSet, prefix="T"):
    clear_bm = U8(1)


class DRBD_timeout_parms(AttrSet, prefix="T"):
    timeout_type = U32(1, DRBD_TIMEOUT_FLAG)


class DRBD_disconnect_parms(AttrSet, prefix="T"):
    force_disconnect = U8(1)


class DRBD_detach_parms(AttrSet, prefix="T"):
    force_detach = U8(1)
