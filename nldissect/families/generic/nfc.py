"""NFC devices, targets, secure elements (linux/nfc.h, net/nfc/netlink.c)."""

from nldissect.wire import U8, U16, U32, AttrSet, Blob, Enum, Flags, Mac, Nests, Text, bind_attrs, bind_genl


class NFC_PROTO(Enum):
    JEWEL      = 1
    MIFARE     = 2
    FELICA     = 3
    ISO14443   = 4
    NFC_DEP    = 5
    ISO14443_B = 6
    ISO15693   = 7


class NFC_PROTO_MASK(Flags, prefix="NFC_PROTO"):
    JEWEL_MASK      = 0x02
    MIFARE_MASK     = 0x04
    FELICA_MASK     = 0x08
    ISO14443_MASK   = 0x10
    NFC_DEP_MASK    = 0x20
    ISO14443_B_MASK = 0x40
    ISO15693_MASK   = 0x80


class NFC_COMM(Enum):
    ACTIVE  = 0
    PASSIVE = 1


class NFC_RF(Enum):
    INITIATOR = 0
    TARGET    = 1
    NONE      = 2


class NFC_SE(Enum):
    UICC     = 1
    EMBEDDED = 2


class NFC_SDP_ATTR(AttrSet):
    URI = Text(1)
    SAP = U8(2)


class NFC_ATTR(AttrSet):
    DEVICE_INDEX             = U32(1)
    DEVICE_NAME              = Text(2)
    PROTOCOLS                = U32(3, NFC_PROTO_MASK)
    TARGET_INDEX             = U32(4)
    TARGET_SENS_RES          = U16(5, base=16)
    TARGET_SEL_RES           = U8(6, base=16)
    TARGET_NFCID1            = Mac(7)
    TARGET_SENSB_RES         = Blob(8, "the answer of a target of type B, laid out by ISO 14443-3")
    TARGET_SENSF_RES         = Blob(9, "the answer of a FeliCa target, laid out by NFC-F")
    COMM_MODE                = U8(10, NFC_COMM)
    RF_MODE                  = U8(11, NFC_RF)
    DEVICE_POWERED           = U8(12)
    IM_PROTOCOLS             = U32(13, NFC_PROTO_MASK)
    TM_PROTOCOLS             = U32(14, NFC_PROTO_MASK)
    LLC_PARAM_LTO            = U8(15)
    LLC_PARAM_RW             = U8(16)
    LLC_PARAM_MIUX           = U16(17)
    SE                       = U32(18, deprecated=True)
    LLC_SDP                  = Nests(19, NFC_SDP_ATTR)
    FIRMWARE_NAME            = Text(20)
    SE_INDEX                 = U32(21)
    SE_TYPE                  = U8(22, NFC_SE)
    SE_AID                   = Mac(23)
    FIRMWARE_DOWNLOAD_STATUS = U32(24)
    SE_APDU                  = Blob(25, "a command of a smart card or its answer (ISO 7816-4)")
    TARGET_ISO15693_DSFID    = U8(26, base=16)
    TARGET_ISO15693_UID      = Mac(27)
    SE_PARAMS                = Blob(28, "parameters of an application on the secure element")
    VENDOR_ID                = U32(29, base=16)
    VENDOR_SUBCMD            = U32(30)
    VENDOR_DATA              = Blob(31, "laid out by the vendor's command")

    template = (
        "[{NFC_ATTR_DEVICE_NAME} ][#{NFC_ATTR_DEVICE_INDEX} ][{NFC_ATTR_RF_MODE} ][{NFC_ATTR_COMM_MODE} ]"
        "[powered {NFC_ATTR_DEVICE_POWERED} ][target {NFC_ATTR_TARGET_INDEX} ]"
        "[{NFC_ATTR_TARGET_NFCID1|NFC_ATTR_TARGET_ISO15693_UID} ][<{NFC_ATTR_PROTOCOLS}> ]"
        "[initiator <{NFC_ATTR_IM_PROTOCOLS}> ][target <{NFC_ATTR_TM_PROTOCOLS}> ]"
        "[lto {NFC_ATTR_LLC_PARAM_LTO} ][rw {NFC_ATTR_LLC_PARAM_RW} ][miux {NFC_ATTR_LLC_PARAM_MIUX} ]"
        "[{NFC_SDP_ATTR_URI} ][sap {NFC_SDP_ATTR_SAP} ][element {NFC_ATTR_SE_INDEX} ][{NFC_ATTR_SE_TYPE} ]"
        "[application {NFC_ATTR_SE_AID} ][firmware {NFC_ATTR_FIRMWARE_NAME} ]"
        "[status {NFC_ATTR_FIRMWARE_DOWNLOAD_STATUS} ][vendor {NFC_ATTR_VENDOR_ID} command {NFC_ATTR_VENDOR_SUBCMD}]"
    )


bind_attrs(NFC_ATTR.PROTOCOLS, U32(None, NFC_PROTO), cmd=28)                    # one to activate, not a mask

bind_genl(
    NFC_ATTR,
    "nfc",
    NFC_CMD_GET_DEVICE=1,
    NFC_CMD_DEV_UP=2,
    NFC_CMD_DEV_DOWN=3,
    NFC_CMD_DEP_LINK_UP=4,
    NFC_CMD_DEP_LINK_DOWN=5,
    NFC_CMD_START_POLL=6,
    NFC_CMD_STOP_POLL=7,
    NFC_CMD_GET_TARGET=8,
    NFC_EVENT_TARGETS_FOUND=9,
    NFC_EVENT_DEVICE_ADDED=10,
    NFC_EVENT_DEVICE_REMOVED=11,
    NFC_EVENT_TARGET_LOST=12,
    NFC_EVENT_TM_ACTIVATED=13,
    NFC_EVENT_TM_DEACTIVATED=14,
    NFC_CMD_LLC_GET_PARAMS=15,
    NFC_CMD_LLC_SET_PARAMS=16,
    NFC_CMD_ENABLE_SE=17,
    NFC_CMD_DISABLE_SE=18,
    NFC_CMD_LLC_SDREQ=19,
    NFC_EVENT_LLC_SDRES=20,
    NFC_CMD_FW_DOWNLOAD=21,
    NFC_EVENT_SE_ADDED=22,
    NFC_EVENT_SE_REMOVED=23,
    NFC_EVENT_SE_CONNECTIVITY=24,
    NFC_EVENT_SE_TRANSACTION=25,
    NFC_CMD_GET_SE=26,
    NFC_CMD_SE_IO=27,
    NFC_CMD_ACTIVATE_TARGET=28,
    NFC_CMD_VENDOR=29,
    NFC_CMD_DEACTIVATE_TARGET=30,
)
