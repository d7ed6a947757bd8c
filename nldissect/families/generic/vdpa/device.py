"""vDPA: virtio devices whose data path is in hardware (linux/vdpa.h, drivers/vdpa/vdpa.c)."""

from nldissect.wire import U8, U16, U32, U64, AttrSet, Mac, Pad, Text, bind_attrs, bind_genl

from .virtio import VIRTIO_BLK_F, VIRTIO_ID, VIRTIO_ID_BIT, VIRTIO_NET_F, VIRTIO_NET_S, VIRTIO_RING_F


class VDPA_ATTR(AttrSet):
    """A management device that supports one class says its features by that class's names."""

    PAD                              = Pad(0)
    MGMTDEV_BUS_NAME                 = Text(1)
    MGMTDEV_DEV_NAME                 = Text(2)
    MGMTDEV_SUPPORTED_CLASSES        = U64(3, VIRTIO_ID_BIT)
    DEV_NAME                         = Text(4)
    DEV_ID                           = U32(5, VIRTIO_ID)
    DEV_VENDOR_ID                    = U32(6, base=16)
    DEV_MAX_VQS                      = U32(7)
    DEV_MAX_VQ_SIZE                  = U16(8)
    DEV_MIN_VQ_SIZE                  = U16(9)
    DEV_NET_CFG_MACADDR              = Mac(10)
    DEV_NET_STATUS                   = U16(11, VIRTIO_NET_S)  # the header's comment says u8
    DEV_NET_CFG_MAX_VQP              = U16(12)
    DEV_NET_CFG_MTU                  = U16(13)
    DEV_NEGOTIATED_FEATURES          = U64(14, VIRTIO_RING_F)
    DEV_MGMTDEV_MAX_VQS              = U32(15)
    DEV_SUPPORTED_FEATURES           = U64(16, VIRTIO_RING_F)
    DEV_QUEUE_INDEX                  = U32(17)
    DEV_VENDOR_ATTR_NAME             = Text(18, many=True)
    DEV_VENDOR_ATTR_VALUE            = U64(19, many=True)
    DEV_FEATURES                     = U64(20, VIRTIO_RING_F)
    DEV_BLK_CFG_CAPACITY             = U64(21)
    DEV_BLK_CFG_SIZE_MAX             = U32(22)
    DEV_BLK_CFG_BLK_SIZE             = U32(23)
    DEV_BLK_CFG_SEG_MAX              = U32(24)
    DEV_BLK_CFG_NUM_QUEUES           = U16(25)
    DEV_BLK_CFG_PHY_BLK_EXP          = U8(26)
    DEV_BLK_CFG_ALIGN_OFFSET         = U8(27)
    DEV_BLK_CFG_MIN_IO_SIZE          = U16(28)
    DEV_BLK_CFG_OPT_IO_SIZE          = U32(29)
    DEV_BLK_CFG_MAX_DISCARD_SEC      = U32(30)
    DEV_BLK_CFG_MAX_DISCARD_SEG      = U32(31)
    DEV_BLK_CFG_DISCARD_SEC_ALIGN    = U32(32)
    DEV_BLK_CFG_MAX_WRITE_ZEROES_SEC = U32(33)
    DEV_BLK_CFG_MAX_WRITE_ZEROES_SEG = U32(34)
    DEV_BLK_READ_ONLY                = U8(35)
    DEV_BLK_FLUSH                    = U8(36)

    template = (
        "[{VDPA_ATTR_DEV_NAME} ][of {VDPA_ATTR_MGMTDEV_BUS_NAME}/{VDPA_ATTR_MGMTDEV_DEV_NAME} ]"
        "[{!VDPA_ATTR_MGMTDEV_BUS_NAME}of {VDPA_ATTR_MGMTDEV_DEV_NAME} ]"
        "[classes {VDPA_ATTR_MGMTDEV_SUPPORTED_CLASSES} ][type {VDPA_ATTR_DEV_ID} ]"
        "[mac {VDPA_ATTR_DEV_NET_CFG_MACADDR} ][mtu {VDPA_ATTR_DEV_NET_CFG_MTU} ][{VDPA_ATTR_DEV_NET_STATUS} ]"
        "[queue pairs {VDPA_ATTR_DEV_NET_CFG_MAX_VQP} ][capacity {VDPA_ATTR_DEV_BLK_CFG_CAPACITY} ]"
        "[queues {VDPA_ATTR_DEV_MAX_VQS|VDPA_ATTR_DEV_MGMTDEV_MAX_VQS} ][queue {VDPA_ATTR_DEV_QUEUE_INDEX} ]"
        "[features {VDPA_ATTR_DEV_NEGOTIATED_FEATURES|VDPA_ATTR_DEV_FEATURES|VDPA_ATTR_DEV_SUPPORTED_FEATURES}]"
    )


for row in (VDPA_ATTR.DEV_NEGOTIATED_FEATURES, VDPA_ATTR.DEV_FEATURES, VDPA_ATTR.DEV_SUPPORTED_FEATURES):
    bind_attrs(row, U64(None, VIRTIO_NET_F), DEV_ID=VIRTIO_ID.NET)
    bind_attrs(row, U64(None, VIRTIO_BLK_F), DEV_ID=VIRTIO_ID.BLOCK)
    bind_attrs(row, U64(None, VIRTIO_NET_F), MGMTDEV_SUPPORTED_CLASSES=VIRTIO_ID_BIT.NET)
    bind_attrs(row, U64(None, VIRTIO_BLK_F), MGMTDEV_SUPPORTED_CLASSES=VIRTIO_ID_BIT.BLOCK)

bind_genl(
    VDPA_ATTR,
    "vdpa",
    VDPA_CMD_MGMTDEV_NEW=1,
    VDPA_CMD_MGMTDEV_GET=2,
    VDPA_CMD_DEV_NEW=3,
    VDPA_CMD_DEV_DEL=4,
    VDPA_CMD_DEV_GET=5,
    VDPA_CMD_DEV_CONFIG_GET=6,
    VDPA_CMD_DEV_VSTATS_GET=7,
    VDPA_CMD_DEV_ATTR_SET=8,
)
