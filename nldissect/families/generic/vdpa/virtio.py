"""Kinds of virtio devices and their features (linux/virtio_ids.h, virtio_config.h, virtio_net.h, virtio_blk.h)."""

from nldissect.wire import Enum, Flags


class VIRTIO_ID(Enum):
    NET            = 1
    BLOCK          = 2
    CONSOLE        = 3
    RNG            = 4
    BALLOON        = 5
    IOMEM          = 6
    RPMSG          = 7
    SCSI           = 8
    _9P            = 9
    MAC80211_WLAN  = 10
    RPROC_SERIAL   = 11
    CAIF           = 12
    MEMORY_BALLOON = 13
    GPU            = 16
    CLOCK          = 17
    INPUT          = 18
    VSOCK          = 19
    CRYPTO         = 20
    SIGNAL_DIST    = 21
    PSTORE         = 22
    IOMMU          = 23
    MEM            = 24
    SOUND          = 25
    FS             = 26
    PMEM           = 27
    RPMB           = 28
    MAC80211_HWSIM = 29
    VIDEO_ENCODER  = 30
    VIDEO_DECODER  = 31
    SCMI           = 32
    NITRO_SEC_MOD  = 33
    I2C_ADAPTER    = 34
    WATCHDOG       = 35
    CAN            = 36
    DMABUF         = 37
    PARAM_SERV     = 38
    AUDIO_POLICY   = 39
    BT             = 40
    GPIO           = 41


class VIRTIO_ID_BIT(Flags, prefix="VIRTIO_ID"):
    """The same as bits of a set."""

    NET            = 1 << 1
    BLOCK          = 1 << 2
    CONSOLE        = 1 << 3
    RNG            = 1 << 4
    BALLOON        = 1 << 5
    IOMEM          = 1 << 6
    RPMSG          = 1 << 7
    SCSI           = 1 << 8
    _9P            = 1 << 9
    MAC80211_WLAN  = 1 << 10
    RPROC_SERIAL   = 1 << 11
    CAIF           = 1 << 12
    MEMORY_BALLOON = 1 << 13
    GPU            = 1 << 16
    CLOCK          = 1 << 17
    INPUT          = 1 << 18
    VSOCK          = 1 << 19
    CRYPTO         = 1 << 20
    SIGNAL_DIST    = 1 << 21
    PSTORE         = 1 << 22
    IOMMU          = 1 << 23
    MEM            = 1 << 24
    SOUND          = 1 << 25
    FS             = 1 << 26
    PMEM           = 1 << 27
    RPMB           = 1 << 28
    MAC80211_HWSIM = 1 << 29
    VIDEO_ENCODER  = 1 << 30
    VIDEO_DECODER  = 1 << 31
    SCMI           = 1 << 32
    NITRO_SEC_MOD  = 1 << 33
    I2C_ADAPTER    = 1 << 34
    WATCHDOG       = 1 << 35
    CAN            = 1 << 36
    DMABUF         = 1 << 37
    PARAM_SERV     = 1 << 38
    AUDIO_POLICY   = 1 << 39
    BT             = 1 << 40
    GPIO           = 1 << 41


class VIRTIO_F(Flags):
    """Features of every device (linux/virtio_config.h, virtio_ring.h); those below 24 are the device's own."""

    NOTIFY_ON_EMPTY   = 1 << 24
    ANY_LAYOUT        = 1 << 27
    VERSION_1         = 1 << 32
    ACCESS_PLATFORM   = 1 << 33
    RING_PACKED       = 1 << 34
    IN_ORDER          = 1 << 35
    ORDER_PLATFORM    = 1 << 36
    SR_IOV            = 1 << 37
    NOTIFICATION_DATA = 1 << 38
    NOTIF_CONFIG_DATA = 1 << 39
    RING_RESET        = 1 << 40
    ADMIN_VQ          = 1 << 41


class VIRTIO_RING_F(VIRTIO_F):
    INDIRECT_DESC = 1 << 28
    EVENT_IDX     = 1 << 29


class VIRTIO_NET_F(VIRTIO_RING_F):
    CSUM                = 1 << 0
    GUEST_CSUM          = 1 << 1
    CTRL_GUEST_OFFLOADS = 1 << 2
    MTU                 = 1 << 3
    MAC                 = 1 << 5
    GSO                 = 1 << 6
    GUEST_TSO4          = 1 << 7
    GUEST_TSO6          = 1 << 8
    GUEST_ECN           = 1 << 9
    GUEST_UFO           = 1 << 10
    HOST_TSO4           = 1 << 11
    HOST_TSO6           = 1 << 12
    HOST_ECN            = 1 << 13
    HOST_UFO            = 1 << 14
    MRG_RXBUF           = 1 << 15
    STATUS              = 1 << 16
    CTRL_VQ             = 1 << 17
    CTRL_RX             = 1 << 18
    CTRL_VLAN           = 1 << 19
    CTRL_RX_EXTRA       = 1 << 20
    GUEST_ANNOUNCE      = 1 << 21
    MQ                  = 1 << 22
    CTRL_MAC_ADDR       = 1 << 23
    DEVICE_STATS        = 1 << 50
    VQ_NOTF_COAL        = 1 << 52
    NOTF_COAL           = 1 << 53
    GUEST_USO4          = 1 << 54
    GUEST_USO6          = 1 << 55
    HOST_USO            = 1 << 56
    HASH_REPORT         = 1 << 57
    GUEST_HDRLEN        = 1 << 59
    RSS                 = 1 << 60
    RSC_EXT             = 1 << 61
    STANDBY             = 1 << 62
    SPEED_DUPLEX        = 1 << 63


class VIRTIO_BLK_F(VIRTIO_RING_F):
    BARRIER      = 1 << 0
    SIZE_MAX     = 1 << 1
    SEG_MAX      = 1 << 2
    GEOMETRY     = 1 << 4
    RO           = 1 << 5
    BLK_SIZE     = 1 << 6
    SCSI         = 1 << 7
    FLUSH        = 1 << 9
    TOPOLOGY     = 1 << 10
    CONFIG_WCE   = 1 << 11
    MQ           = 1 << 12
    DISCARD      = 1 << 13
    WRITE_ZEROES = 1 << 14
    SECURE_ERASE = 1 << 16
    ZONED        = 1 << 17


class VIRTIO_NET_S(Flags):
    LINK_UP  = 1
    ANNOUNCE = 2
