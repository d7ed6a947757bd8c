"""Plug-in modules: EEPROM, power mode, firmware (net/ethtool/eeprom.c, module.c)."""

from nldissect.wire import U8, U32, AttrSet, Blob, Enum, Nest, Secret, Text, Uint, bind_genl

from .common import DEV, ETHTOOL_A_HEADER


class ETHTOOL_MODULE_POWER_MODE_POLICY(Enum):
    HIGH = 1
    AUTO = 2


class ETHTOOL_MODULE_POWER_MODE(Enum):
    LOW  = 1
    HIGH = 2


class ETHTOOL_MODULE_FW_FLASH_STATUS(Enum):
    STARTED     = 1
    IN_PROGRESS = 2
    COMPLETED   = 3
    ERROR       = 4


class ETHTOOL_A_MODULE_EEPROM(AttrSet):
    HEADER      = Nest(1, ETHTOOL_A_HEADER)
    OFFSET      = U32(2)
    LENGTH      = U32(3)
    PAGE        = U8(4)
    BANK        = U8(5)
    I2C_ADDRESS = U8(6, base=16)
    DATA        = Blob(7, "bytes of the module's memory")

    template = (
        DEV + "[page {ETHTOOL_A_MODULE_EEPROM_PAGE} ][bank {ETHTOOL_A_MODULE_EEPROM_BANK} ]"
        "[offset {ETHTOOL_A_MODULE_EEPROM_OFFSET} ][length {ETHTOOL_A_MODULE_EEPROM_LENGTH}]"
    )


class ETHTOOL_A_MODULE(AttrSet):
    HEADER            = Nest(1, ETHTOOL_A_HEADER)
    POWER_MODE_POLICY = U8(2, ETHTOOL_MODULE_POWER_MODE_POLICY)
    POWER_MODE        = U8(3, ETHTOOL_MODULE_POWER_MODE)

    template = DEV + "[{ETHTOOL_A_MODULE_POWER_MODE_POLICY} ][{ETHTOOL_A_MODULE_POWER_MODE}]"


class ETHTOOL_A_MODULE_FW_FLASH(AttrSet):
    HEADER     = Nest(1, ETHTOOL_A_HEADER)
    FILE_NAME  = Text(2)
    PASSWORD   = Secret(3)
    STATUS     = U32(4, ETHTOOL_MODULE_FW_FLASH_STATUS)
    STATUS_MSG = Text(5)
    DONE       = Uint(6)
    TOTAL      = Uint(7)

    template = (
        DEV + "[{ETHTOOL_A_MODULE_FW_FLASH_FILE_NAME} ][{ETHTOOL_A_MODULE_FW_FLASH_STATUS} ]"
        "[{ETHTOOL_A_MODULE_FW_FLASH_DONE} of {ETHTOOL_A_MODULE_FW_FLASH_TOTAL} ]"
        "[{ETHTOOL_A_MODULE_FW_FLASH_STATUS_MSG}]"
    )


bind_genl(ETHTOOL_A_MODULE_EEPROM, "ethtool", to="kernel", ETHTOOL_MSG_MODULE_EEPROM_GET=31)
bind_genl(ETHTOOL_A_MODULE_EEPROM, "ethtool", to="user", ETHTOOL_MSG_MODULE_EEPROM_GET_REPLY=32)
bind_genl(ETHTOOL_A_MODULE, "ethtool", to="kernel", ETHTOOL_MSG_MODULE_GET=34, ETHTOOL_MSG_MODULE_SET=35)
bind_genl(ETHTOOL_A_MODULE, "ethtool", to="user", ETHTOOL_MSG_MODULE_GET_REPLY=35, ETHTOOL_MSG_MODULE_NTF=36)
bind_genl(ETHTOOL_A_MODULE_FW_FLASH, "ethtool", to="kernel", ETHTOOL_MSG_MODULE_FW_FLASH_ACT=44)
bind_genl(ETHTOOL_A_MODULE_FW_FLASH, "ethtool", to="user", ETHTOOL_MSG_MODULE_FW_FLASH_NTF=44)
