"""Cable tests: results by pair, and time domain reflectometry (net/ethtool/cabletest.c)."""

from nldissect.wire import S16, U8, U32, AttrSet, Enum, Nest, bind_genl

from .common import DEV, ETHTOOL_A_HEADER


class ETHTOOL_A_CABLE_PAIR(Enum):
    A = 0
    B = 1
    C = 2
    D = 3


class ETHTOOL_A_CABLE_RESULT_CODE(Enum):
    UNSPEC                  = 0
    OK                      = 1
    OPEN                    = 2
    SAME_SHORT              = 3
    CROSS_SHORT             = 4
    IMPEDANCE_MISMATCH      = 5
    NOISE                   = 6
    RESOLUTION_NOT_POSSIBLE = 7


class ETHTOOL_A_CABLE_INF_SRC(Enum):
    UNSPEC = 0
    TDR    = 1
    ALCD   = 2


class ETHTOOL_A_CABLE_TEST_NTF_STATUS(Enum):
    UNSPEC    = 0
    STARTED   = 1
    COMPLETED = 2


class ETHTOOL_A_CABLE_RESULT(AttrSet):
    PAIR = U8(1, ETHTOOL_A_CABLE_PAIR)
    CODE = U8(2, ETHTOOL_A_CABLE_RESULT_CODE)
    SRC  = U32(3, ETHTOOL_A_CABLE_INF_SRC)


class ETHTOOL_A_CABLE_FAULT_LENGTH(AttrSet):
    PAIR = U8(1, ETHTOOL_A_CABLE_PAIR)
    CM   = U32(2)
    SRC  = U32(3, ETHTOOL_A_CABLE_INF_SRC)


class ETHTOOL_A_CABLE_NEST(AttrSet):
    RESULT       = Nest(1, ETHTOOL_A_CABLE_RESULT, many=True)
    FAULT_LENGTH = Nest(2, ETHTOOL_A_CABLE_FAULT_LENGTH, many=True)


class ETHTOOL_A_CABLE_TEST(AttrSet):
    HEADER = Nest(1, ETHTOOL_A_HEADER)

    template = DEV


class ETHTOOL_A_CABLE_TEST_NTF(AttrSet):
    HEADER = Nest(1, ETHTOOL_A_HEADER)
    STATUS = U8(2, ETHTOOL_A_CABLE_TEST_NTF_STATUS)
    NEST   = Nest(3, ETHTOOL_A_CABLE_NEST)

    template = DEV + "[{ETHTOOL_A_CABLE_TEST_NTF_STATUS} ][{ETHTOOL_A_CABLE_RESULT_PAIR} {ETHTOOL_A_CABLE_RESULT_CODE}]"


class ETHTOOL_A_CABLE_TEST_TDR_CFG(AttrSet):
    FIRST = U32(1)
    LAST  = U32(2)
    STEP  = U32(3)
    PAIR  = U8(4, ETHTOOL_A_CABLE_PAIR)


class ETHTOOL_A_CABLE_TEST_TDR(AttrSet):
    HEADER = Nest(1, ETHTOOL_A_HEADER)
    CFG    = Nest(2, ETHTOOL_A_CABLE_TEST_TDR_CFG)

    template = DEV


class ETHTOOL_A_CABLE_AMPLITUDE(AttrSet):
    PAIR = U8(1, ETHTOOL_A_CABLE_PAIR)
    mV   = S16(2)


class ETHTOOL_A_CABLE_PULSE(AttrSet):
    mV = S16(1)


class ETHTOOL_A_CABLE_STEP(AttrSet):
    FIRST_DISTANCE = U32(1)
    LAST_DISTANCE  = U32(2)
    STEP_DISTANCE  = U32(3)


class ETHTOOL_A_CABLE_TDR_NEST(AttrSet):
    STEP      = Nest(1, ETHTOOL_A_CABLE_STEP, many=True)
    AMPLITUDE = Nest(2, ETHTOOL_A_CABLE_AMPLITUDE, many=True)
    PULSE     = Nest(3, ETHTOOL_A_CABLE_PULSE, many=True)


class ETHTOOL_A_CABLE_TEST_TDR_NTF(AttrSet):
    HEADER = Nest(1, ETHTOOL_A_HEADER)
    STATUS = U8(2, ETHTOOL_A_CABLE_TEST_NTF_STATUS)
    NEST   = Nest(3, ETHTOOL_A_CABLE_TDR_NEST)

    template = DEV + "[{ETHTOOL_A_CABLE_TEST_TDR_NTF_STATUS}]"


bind_genl(ETHTOOL_A_CABLE_TEST, "ethtool", to="kernel", ETHTOOL_MSG_CABLE_TEST_ACT=26)
bind_genl(ETHTOOL_A_CABLE_TEST_NTF, "ethtool", to="user", ETHTOOL_MSG_CABLE_TEST_NTF=27)
bind_genl(ETHTOOL_A_CABLE_TEST_TDR, "ethtool", to="kernel", ETHTOOL_MSG_CABLE_TEST_TDR_ACT=27)
bind_genl(ETHTOOL_A_CABLE_TEST_TDR_NTF, "ethtool", to="user", ETHTOOL_MSG_CABLE_TEST_TDR_NTF=28)
