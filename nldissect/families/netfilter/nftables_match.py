"""nftables: expressions that compute with registers, compare and look up (linux/netfilter/nf_tables.h)."""

from nldissect.wire import AttrSet, Be32, Be64, Enum, Flags, Nest, Pad, Text, bind_attrs

from .nftables_data import NFT, NFT_OBJECT, NFTA_DATA, NFTA_EXPR, NFTA_LIST


class NFTA_IMMEDIATE(AttrSet):
    DREG = Be32(1, NFT)
    DATA = Nest(2, NFTA_DATA)


class NFT_BITWISE(Enum):
    MASK_XOR = 0
    LSHIFT   = 1
    RSHIFT   = 2
    AND      = 3
    OR       = 4
    XOR      = 5


class NFTA_BITWISE(AttrSet):
    SREG  = Be32(1, NFT)
    DREG  = Be32(2, NFT)
    LEN   = Be32(3)
    MASK  = Nest(4, NFTA_DATA)
    XOR   = Nest(5, NFTA_DATA)
    OP    = Be32(6, NFT_BITWISE)
    DATA  = Nest(7, NFTA_DATA)
    SREG2 = Be32(8, NFT)


class NFT_BYTEORDER(Enum):
    NTOH = 0
    HTON = 1


class NFTA_BYTEORDER(AttrSet):
    SREG = Be32(1, NFT)
    DREG = Be32(2, NFT)
    OP   = Be32(3, NFT_BYTEORDER)
    LEN  = Be32(4)
    SIZE = Be32(5)


class NFT_CMP(Enum):
    EQ  = 0
    NEQ = 1
    LT  = 2
    LTE = 3
    GT  = 4
    GTE = 5


class NFTA_CMP(AttrSet):
    SREG = Be32(1, NFT)
    OP   = Be32(2, NFT_CMP)
    DATA = Nest(3, NFTA_DATA)


class NFT_RANGE(Enum):
    EQ  = 0
    NEQ = 1


class NFTA_RANGE(AttrSet):
    SREG      = Be32(1, NFT)
    OP        = Be32(2, NFT_RANGE)
    FROM_DATA = Nest(3, NFTA_DATA)
    TO_DATA   = Nest(4, NFTA_DATA)


class NFT_LOOKUP_F(Flags):
    INV = 0x1


class NFTA_LOOKUP(AttrSet):
    SET    = Text(1)
    SREG   = Be32(2, NFT)
    DREG   = Be32(3, NFT)
    SET_ID = Be32(4, refers="nft_set")
    FLAGS  = Be32(5, NFT_LOOKUP_F)


class NFT_DYNSET_OP(Enum):
    ADD    = 0
    UPDATE = 1
    DELETE = 2


class NFT_DYNSET_F(Flags):
    INV  = 0x1
    EXPR = 0x2


class NFTA_DYNSET(AttrSet):
    SET_NAME    = Text(1)
    SET_ID      = Be32(2, refers="nft_set")
    OP          = Be32(3, NFT_DYNSET_OP)
    SREG_KEY    = Be32(4, NFT)
    SREG_DATA   = Be32(5, NFT)
    TIMEOUT     = Be64(6, measure="ms")
    EXPR        = Nest(7, NFTA_EXPR)
    PAD         = Pad(8)
    FLAGS       = Be32(9, NFT_DYNSET_F)
    EXPRESSIONS = Nest(10, NFTA_LIST)


class NFTA_OBJREF(AttrSet):
    IMM_TYPE = Be32(1, NFT_OBJECT)
    IMM_NAME = Text(2)
    SET_SREG = Be32(3, NFT)
    SET_NAME = Text(4)
    SET_ID   = Be32(5, refers="nft_set")


bind_attrs(NFTA_EXPR.DATA, NFTA_IMMEDIATE, NAME="immediate")
bind_attrs(NFTA_EXPR.DATA, NFTA_BITWISE, NAME="bitwise")
bind_attrs(NFTA_EXPR.DATA, NFTA_BYTEORDER, NAME="byteorder")
bind_attrs(NFTA_EXPR.DATA, NFTA_CMP, NAME="cmp")
bind_attrs(NFTA_EXPR.DATA, NFTA_RANGE, NAME="range")
bind_attrs(NFTA_EXPR.DATA, NFTA_LOOKUP, NAME="lookup")
bind_attrs(NFTA_EXPR.DATA, NFTA_DYNSET, NAME="dynset")
bind_attrs(NFTA_EXPR.DATA, NFTA_OBJREF, NAME="objref")
