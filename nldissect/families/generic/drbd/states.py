"""DRBD: policies, states and results (linux/drbd.h)."""

from nldissect.wire import Enum, Flags


class DRBD_IO_ERROR(Enum, prefix="EP"):
    PASS_ON     = 0
    CALL_HELPER = 1
    DETACH      = 2


class DRBD_FENCING(Enum, prefix="FP"):
    DONT_CARE = 0
    RESOURCE  = 1
    STONITH   = 2


class DRBD_AFTER_SB(Enum, prefix="ASB"):
    """What to do after a split brain."""

    DISCONNECT          = 0
    DISCARD_YOUNGER_PRI = 1
    DISCARD_OLDER_PRI   = 2
    DISCARD_ZERO_CHG    = 3
    DISCARD_LEAST_CHG   = 4
    DISCARD_LOCAL       = 5
    DISCARD_REMOTE      = 6
    CONSENSUS           = 7
    DISCARD_SECONDARY   = 8
    CALL_HELPER         = 9
    VIOLENTLY           = 10


class DRBD_ON_NO_DATA(Enum, prefix="OND"):
    IO_ERROR   = 0
    SUSPEND_IO = 1


class DRBD_ON_CONGESTION(Enum, prefix="OC"):
    BLOCK      = 0
    PULL_AHEAD = 1
    DISCONNECT = 2


class DRBD_READ_BALANCING(Enum, prefix="RB"):
    PREFER_LOCAL     = 0
    PREFER_REMOTE    = 1
    ROUND_ROBIN      = 2
    LEAST_PENDING    = 3
    CONGESTED_REMOTE = 4
    _32K_STRIPING    = 5
    _64K_STRIPING    = 6
    _128K_STRIPING   = 7
    _256K_STRIPING   = 8
    _512K_STRIPING   = 9
    _1M_STRIPING     = 10


class DRBD_ROLE(Enum, prefix="R"):
    UNKNOWN   = 0
    PRIMARY   = 1
    SECONDARY = 2


class DRBD_CONNS(Enum, prefix="C"):
    STANDALONE       = 0
    DISCONNECTING    = 1
    UNCONNECTED      = 2
    TIMEOUT          = 3
    BROKEN_PIPE      = 4
    NETWORK_FAILURE  = 5
    PROTOCOL_ERROR   = 6
    TEAR_DOWN        = 7
    WF_CONNECTION    = 8
    WF_REPORT_PARAMS = 9
    CONNECTED        = 10
    STARTING_SYNC_S  = 11
    STARTING_SYNC_T  = 12
    WF_BITMAP_S      = 13
    WF_BITMAP_T      = 14
    WF_SYNC_UUID     = 15
    SYNC_SOURCE      = 16
    SYNC_TARGET      = 17
    VERIFY_S         = 18
    VERIFY_T         = 19
    PAUSED_SYNC_S    = 20
    PAUSED_SYNC_T    = 21
    AHEAD            = 22
    BEHIND           = 23


class DRBD_DISK_STATE(Enum, prefix="D"):
    DISKLESS     = 0
    ATTACHING    = 1
    FAILED       = 2
    NEGOTIATING  = 3
    INCONSISTENT = 4
    OUTDATED     = 5
    UNKNOWN      = 6
    CONSISTENT   = 7
    UP_TO_DATE   = 8


class DRBD_TIMEOUT_FLAG(Enum, prefix="UT"):
    DEFAULT       = 0
    DEGRADED      = 1
    PEER_OUTDATED = 2


class DRBD_NOTIFICATION(Enum, prefix="NOTIFY"):
    """Plus 0x8000 where more belong to it (NOTIFY_CONTINUES)."""

    EXISTS   = 0
    CREATE   = 1
    CHANGE   = 2
    DESTROY  = 3
    CALL     = 4
    RESPONSE = 5


class WRITE_ORDERING(Enum, prefix="WO"):
    NONE        = 0
    DRAIN_IO    = 1
    BDEV_FLUSH  = 2
    BIO_BARRIER = 3


class DRBD_RET_CODE(Enum, prefix=""):
    """enum drbd_ret_code, or of a change of state enum drbd_state_rv."""

    NO_ERROR                   = 101
    ERR_LOCAL_ADDR             = 102
    ERR_PEER_ADDR              = 103
    ERR_OPEN_DISK              = 104
    ERR_OPEN_MD_DISK           = 105
    ERR_DISK_NOT_BDEV          = 107
    ERR_MD_NOT_BDEV            = 108
    ERR_DISK_TOO_SMALL         = 111
    ERR_MD_DISK_TOO_SMALL      = 112
    ERR_BDCLAIM_DISK           = 114
    ERR_BDCLAIM_MD_DISK        = 115
    ERR_MD_IDX_INVALID         = 116
    ERR_IO_MD_DISK             = 118
    ERR_MD_INVALID             = 119
    ERR_AUTH_ALG               = 120
    ERR_AUTH_ALG_ND            = 121
    ERR_NOMEM                  = 122
    ERR_DISCARD_IMPOSSIBLE     = 123
    ERR_DISK_CONFIGURED        = 124
    ERR_NET_CONFIGURED         = 125
    ERR_MANDATORY_TAG          = 126
    ERR_MINOR_INVALID          = 127
    ERR_INTR                   = 129
    ERR_RESIZE_RESYNC          = 130
    ERR_NO_PRIMARY             = 131
    ERR_RESYNC_AFTER           = 132
    ERR_RESYNC_AFTER_CYCLE     = 133
    ERR_PAUSE_IS_SET           = 134
    ERR_PAUSE_IS_CLEAR         = 135
    ERR_PACKET_NR              = 137
    ERR_NO_DISK                = 138
    ERR_NOT_PROTO_C            = 139
    ERR_NOMEM_BITMAP           = 140
    ERR_INTEGRITY_ALG          = 141
    ERR_INTEGRITY_ALG_ND       = 142
    ERR_CPU_MASK_PARSE         = 143
    ERR_CSUMS_ALG              = 144
    ERR_CSUMS_ALG_ND           = 145
    ERR_VERIFY_ALG             = 146
    ERR_VERIFY_ALG_ND          = 147
    ERR_CSUMS_RESYNC_RUNNING   = 148
    ERR_VERIFY_RUNNING         = 149
    ERR_DATA_NOT_CURRENT       = 150
    ERR_CONNECTED              = 151
    ERR_PERM                   = 152
    ERR_NEED_APV_93            = 153
    ERR_STONITH_AND_PROT_A     = 154
    ERR_CONG_NOT_PROTO_A       = 155
    ERR_PIC_AFTER_DEP          = 156
    ERR_PIC_PEER_DEP           = 157
    ERR_RES_NOT_KNOWN          = 158
    ERR_RES_IN_USE             = 159
    ERR_MINOR_CONFIGURED       = 160
    ERR_MINOR_OR_VOLUME_EXISTS = 161
    ERR_INVALID_REQUEST        = 162
    ERR_NEED_APV_100           = 163
    ERR_NEED_ALLOW_TWO_PRI     = 164
    ERR_MD_UNCLEAN             = 165
    ERR_MD_LAYOUT_CONNECTED    = 166
    ERR_MD_LAYOUT_TOO_BIG      = 167
    ERR_MD_LAYOUT_TOO_SMALL    = 168
    ERR_MD_LAYOUT_NO_FIT       = 169
    ERR_IMPLICIT_SHRINK        = 170
    SS_CW_NO_NEED              = 4
    SS_CW_SUCCESS              = 3
    SS_NOTHING_TO_DO           = 2
    SS_SUCCESS                 = 1
    SS_UNKNOWN_ERROR           = 0
    SS_TWO_PRIMARIES           = -1
    SS_NO_UP_TO_DATE_DISK      = -2
    SS_NO_LOCAL_DISK           = -4
    SS_NO_REMOTE_DISK          = -5
    SS_CONNECTED_OUTDATES      = -6
    SS_PRIMARY_NOP             = -7
    SS_RESYNC_RUNNING          = -8
    SS_ALREADY_STANDALONE      = -9
    SS_CW_FAILED_BY_PEER       = -10
    SS_IS_DISKLESS             = -11
    SS_DEVICE_IN_USE           = -12
    SS_NO_NET_CONFIG           = -13
    SS_NO_VERIFY_ALG           = -14
    SS_NEED_CONNECTION         = -15
    SS_LOWER_THAN_OUTDATED     = -16
    SS_NOT_SUPPORTED           = -17
    SS_IN_TRANSIENT_STATE      = -18
    SS_CONCURRENT_ST_CHG       = -19
    SS_O_VOL_PEER_PRI          = -20
    SS_OUTDATE_WO_CONN         = -21


class MDF(Flags):
    CONSISTENT      = 0x001
    PRIMARY_IND     = 0x002
    CONNECTED_IND   = 0x004
    FULL_SYNC       = 0x008
    WAS_UP_TO_DATE  = 0x010
    PEER_OUT_DATED  = 0x020
    CRASHED_PRIMARY = 0x040
    AL_CLEAN        = 0x080
    AL_DISABLED     = 0x100


class DRBD_MD_INDEX(Enum):
    INTERNAL = -1
    FLEX_EXT = -2
    FLEX_INT = -3


class DRBD_PROT(Enum):
    A = 1
    B = 2
    C = 3


class SIB(Enum):
    """Why a state is told (linux/drbd_genl_api.h)."""

    GET_STATUS_REPLY = 1
    STATE_CHANGE     = 2
    HELPER_PRE       = 3
    HELPER_POST      = 4
    SYNC_PROGRESS    = 5


class DRBD_GENL_F(Flags):
    SET_DEFAULTS = 1


DRBD_STATE = {
    "role": 2, "peer": 2, "conn": 5, "disk": 4, "pdsk": 4, "susp": 1, "aftr_isp": 1, "peer_isp": 1, "user_isp": 1,
    "susp_nod": 1, "susp_fen": 1, "_pad": 9,
}
"""The bit-fields of union drbd_state."""
