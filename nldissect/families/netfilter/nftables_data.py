"""nftables: registers, data, verdicts and the frame of expressions (linux/netfilter/nf_tables.h)."""

from nldissect.wire import AttrSet, Be32, Blob, Enum, Nest, Text


class NFT(Enum):
    REG_VERDICT = 0
    REG_1       = 1
    REG_2       = 2
    REG_3       = 3
    REG_4       = 4
    REG32_00    = 8
    REG32_01    = 9
    REG32_02    = 10
    REG32_03    = 11
    REG32_04    = 12
    REG32_05    = 13
    REG32_06    = 14
    REG32_07    = 15
    REG32_08    = 16
    REG32_09    = 17
    REG32_10    = 18
    REG32_11    = 19
    REG32_12    = 20
    REG32_13    = 21
    REG32_14    = 22
    REG32_15    = 23


class NFT_VERDICT(Enum, prefix=""):
    NF_DROP      = 0
    NF_ACCEPT    = 1
    NF_STOLEN    = 2
    NF_QUEUE     = 3
    NF_REPEAT    = 4
    NF_STOP      = 5
    NFT_RETURN   = 0xFFFFFFFB               # -5, the numbers of nftables' own verdicts are negative
    NFT_GOTO     = 0xFFFFFFFC
    NFT_JUMP     = 0xFFFFFFFD
    NFT_BREAK    = 0xFFFFFFFE
    NFT_CONTINUE = 0xFFFFFFFF

    @classmethod
    def short(cls, name: str) -> str:
        """accept, jump ..."""
        return name.partition("_")[2]


class NFT_OBJECT(Enum):
    UNSPEC     = 0
    COUNTER    = 1
    QUOTA      = 2
    CT_HELPER  = 3
    LIMIT      = 4
    CONNLIMIT  = 5
    TUNNEL     = 6
    CT_TIMEOUT = 7
    SECMARK    = 8
    CT_EXPECT  = 9
    SYNPROXY   = 10


class NFTA_VERDICT(AttrSet):
    CODE     = Be32(1, NFT_VERDICT)
    CHAIN    = Text(2)
    CHAIN_ID = Be32(3)


class NFTA_DATA(AttrSet):
    VALUE   = Blob(1, "register contents: what they mean is up to the expression that uses them")
    VERDICT = Nest(2, NFTA_VERDICT)


class NFTA_EXPR(AttrSet):
    NAME = Text(1)
    DATA = Nest(2)


class NFTA_LIST(AttrSet):
    ELEM = Nest(1, NFTA_EXPR, many=True)
