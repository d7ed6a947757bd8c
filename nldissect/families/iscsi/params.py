"""Numbers of the parameters of sessions, hosts, interfaces, flash targets and CHAP entries (scsi/iscsi_if.h)."""

from nldissect.wire import Enum


class ISCSI_PARAM(Enum):
    MAX_RECV_DLENGTH        = 0
    MAX_XMIT_DLENGTH        = 1
    HDRDGST_EN              = 2
    DATADGST_EN             = 3
    INITIAL_R2T_EN          = 4
    MAX_R2T                 = 5
    IMM_DATA_EN             = 6
    FIRST_BURST             = 7
    MAX_BURST               = 8
    PDU_INORDER_EN          = 9
    DATASEQ_INORDER_EN      = 10
    ERL                     = 11
    IFMARKER_EN             = 12
    OFMARKER_EN             = 13
    EXP_STATSN              = 14
    TARGET_NAME             = 15
    TPGT                    = 16
    PERSISTENT_ADDRESS      = 17
    PERSISTENT_PORT         = 18
    SESS_RECOVERY_TMO       = 19
    CONN_PORT               = 20
    CONN_ADDRESS            = 21
    USERNAME                = 22
    USERNAME_IN             = 23
    PASSWORD                = 24
    PASSWORD_IN             = 25
    FAST_ABORT              = 26
    ABORT_TMO               = 27
    LU_RESET_TMO            = 28
    HOST_RESET_TMO          = 29
    PING_TMO                = 30
    RECV_TMO                = 31
    IFACE_NAME              = 32
    ISID                    = 33
    INITIATOR_NAME          = 34
    TGT_RESET_TMO           = 35
    TARGET_ALIAS            = 36
    CHAP_IN_IDX             = 37
    CHAP_OUT_IDX            = 38
    BOOT_ROOT               = 39
    BOOT_NIC                = 40
    BOOT_TARGET             = 41
    AUTO_SND_TGT_DISABLE    = 42
    DISCOVERY_SESS          = 43
    PORTAL_TYPE             = 44
    CHAP_AUTH_EN            = 45
    DISCOVERY_LOGOUT_EN     = 46
    BIDI_CHAP_EN            = 47
    DISCOVERY_AUTH_OPTIONAL = 48
    DEF_TIME2WAIT           = 49
    DEF_TIME2RETAIN         = 50
    MAX_SEGMENT_SIZE        = 51
    STATSN                  = 52
    KEEPALIVE_TMO           = 53
    LOCAL_PORT              = 54
    TSID                    = 55
    DEF_TASKMGMT_TMO        = 56
    TCP_TIMESTAMP_STAT      = 57
    TCP_WSF_DISABLE         = 58
    TCP_NAGLE_DISABLE       = 59
    TCP_TIMER_SCALE         = 60
    TCP_TIMESTAMP_EN        = 61
    TCP_XMIT_WSF            = 62
    TCP_RECV_WSF            = 63
    IP_FRAGMENT_DISABLE     = 64
    IPV4_TOS                = 65
    IPV6_TC                 = 66
    IPV6_FLOW_LABEL         = 67
    IS_FW_ASSIGNED_IPV6     = 68
    DISCOVERY_PARENT_IDX    = 69
    DISCOVERY_PARENT_TYPE   = 70
    LOCAL_IPADDR            = 71


class ISCSI_HOST_PARAM(Enum):
    HWADDRESS      = 0
    INITIATOR_NAME = 1
    NETDEV_NAME    = 2
    IPADDRESS      = 3
    PORT_STATE     = 4
    PORT_SPEED     = 5


class ISCSI_NET_PARAM(Enum):
    IPV4_ADDR                  = 1
    IPV4_SUBNET                = 2
    IPV4_GW                    = 3
    IPV4_BOOTPROTO             = 4
    MAC                        = 5
    IPV6_LINKLOCAL             = 6
    IPV6_ADDR                  = 7
    IPV6_ROUTER                = 8
    IPV6_ADDR_AUTOCFG          = 9
    IPV6_LINKLOCAL_AUTOCFG     = 10
    IPV6_ROUTER_AUTOCFG        = 11
    IFACE_ENABLE               = 12
    VLAN_ID                    = 13
    VLAN_PRIORITY              = 14
    VLAN_ENABLED               = 15
    VLAN_TAG                   = 16
    IFACE_TYPE                 = 17
    IFACE_NAME                 = 18
    MTU                        = 19
    PORT                       = 20
    IPADDR_STATE               = 21
    IPV6_LINKLOCAL_STATE       = 22
    IPV6_ROUTER_STATE          = 23
    DELAYED_ACK_EN             = 24
    TCP_NAGLE_DISABLE          = 25
    TCP_WSF_DISABLE            = 26
    TCP_WSF                    = 27
    TCP_TIMER_SCALE            = 28
    TCP_TIMESTAMP_EN           = 29
    CACHE_ID                   = 30
    IPV4_DHCP_DNS_ADDR_EN      = 31
    IPV4_DHCP_SLP_DA_EN        = 32
    IPV4_TOS_EN                = 33
    IPV4_TOS                   = 34
    IPV4_GRAT_ARP_EN           = 35
    IPV4_DHCP_ALT_CLIENT_ID_EN = 36
    IPV4_DHCP_ALT_CLIENT_ID    = 37
    IPV4_DHCP_REQ_VENDOR_ID_EN = 38
    IPV4_DHCP_USE_VENDOR_ID_EN = 39
    IPV4_DHCP_VENDOR_ID        = 40
    IPV4_DHCP_LEARN_IQN_EN     = 41
    IPV4_FRAGMENT_DISABLE      = 42
    IPV4_IN_FORWARD_EN         = 43
    IPV4_TTL                   = 44
    IPV6_GRAT_NEIGHBOR_ADV_EN  = 45
    IPV6_MLD_EN                = 46
    IPV6_FLOW_LABEL            = 47
    IPV6_TRAFFIC_CLASS         = 48
    IPV6_HOP_LIMIT             = 49
    IPV6_ND_REACHABLE_TMO      = 50
    IPV6_ND_REXMIT_TIME        = 51
    IPV6_ND_STALE_TMO          = 52
    IPV6_DUP_ADDR_DETECT_CNT   = 53
    IPV6_RTR_ADV_LINK_MTU      = 54
    REDIRECT_EN                = 55


class ISCSI_IFACE_PARAM(Enum):
    DEF_TASKMGMT_TMO        = 0
    HDRDGST_EN              = 1
    DATADGST_EN             = 2
    IMM_DATA_EN             = 3
    INITIAL_R2T_EN          = 4
    DATASEQ_INORDER_EN      = 5
    PDU_INORDER_EN          = 6
    ERL                     = 7
    MAX_RECV_DLENGTH        = 8
    FIRST_BURST             = 9
    MAX_R2T                 = 10
    MAX_BURST               = 11
    CHAP_AUTH_EN            = 12
    BIDI_CHAP_EN            = 13
    DISCOVERY_AUTH_OPTIONAL = 14
    DISCOVERY_LOGOUT_EN     = 15
    STRICT_LOGIN_COMP_EN    = 16
    INITIATOR_NAME          = 17


class ISCSI_FLASHNODE(Enum):
    IS_FW_ASSIGNED_IPV6     = 0
    PORTAL_TYPE             = 1
    AUTO_SND_TGT_DISABLE    = 2
    DISCOVERY_SESS          = 3
    ENTRY_EN                = 4
    HDR_DGST_EN             = 5
    DATA_DGST_EN            = 6
    IMM_DATA_EN             = 7
    INITIAL_R2T_EN          = 8
    DATASEQ_INORDER         = 9
    PDU_INORDER             = 10
    CHAP_AUTH_EN            = 11
    SNACK_REQ_EN            = 12
    DISCOVERY_LOGOUT_EN     = 13
    BIDI_CHAP_EN            = 14
    DISCOVERY_AUTH_OPTIONAL = 15
    ERL                     = 16
    TCP_TIMESTAMP_STAT      = 17
    TCP_NAGLE_DISABLE       = 18
    TCP_WSF_DISABLE         = 19
    TCP_TIMER_SCALE         = 20
    TCP_TIMESTAMP_EN        = 21
    IP_FRAG_DISABLE         = 22
    MAX_RECV_DLENGTH        = 23
    MAX_XMIT_DLENGTH        = 24
    FIRST_BURST             = 25
    DEF_TIME2WAIT           = 26
    DEF_TIME2RETAIN         = 27
    MAX_R2T                 = 28
    KEEPALIVE_TMO           = 29
    ISID                    = 30
    TSID                    = 31
    PORT                    = 32
    MAX_BURST               = 33
    DEF_TASKMGMT_TMO        = 34
    IPADDR                  = 35
    ALIAS                   = 36
    REDIRECT_IPADDR         = 37
    MAX_SEGMENT_SIZE        = 38
    LOCAL_PORT              = 39
    IPV4_TOS                = 40
    IPV6_TC                 = 41
    IPV6_FLOW_LABEL         = 42
    NAME                    = 43
    TPGT                    = 44
    LINK_LOCAL_IPV6         = 45
    DISCOVERY_PARENT_IDX    = 46
    DISCOVERY_PARENT_TYPE   = 47
    TCP_XMIT_WSF            = 48
    TCP_RECV_WSF            = 49
    CHAP_IN_IDX             = 50
    CHAP_OUT_IDX            = 51
    USERNAME                = 52
    USERNAME_IN             = 53
    PASSWORD                = 54
    PASSWORD_IN             = 55
    STATSN                  = 56
    EXP_STATSN              = 57
    IS_BOOT_TGT             = 58


class ISCSI_CHAP_PARAM(Enum):
    INDEX        = 0
    CHAP_TYPE    = 1
    USERNAME     = 2
    PASSWORD     = 3
    PASSWORD_LEN = 4


class ISCSI_PARAM_TYPE(Enum, prefix="ISCSI"):
    """What kind of parameter a number is."""

    PARAM           = 0
    HOST_PARAM      = 1
    NET_PARAM       = 2
    FLASHNODE_PARAM = 3
    CHAP_PARAM      = 4
    IFACE_PARAM     = 5
