"""NETLINK_CRYPTO: the kernel's algorithms (linux/cryptouser.h, crypto/crypto_user.c); statistics ended with 6.10."""

from nldissect.wire import (
    NETLINK_CRYPTO,
    U32,
    U64,
    Attrs,
    AttrSet,
    Flags,
    Message,
    Struct,
    Text,
    bind_message,
    bind_obsolete,
)

NAME = 64


class CRYPTO_ALG(Flags):
    """linux/crypto.h. The lower four bits number the type, which a report says in words."""

    TYPE_MASK        = 0x0000000F
    LARVAL           = 0x00000010
    DEAD             = 0x00000020
    DYING            = 0x00000040
    ASYNC            = 0x00000080
    NEED_FALLBACK    = 0x00000100
    TESTED           = 0x00000400
    INSTANCE         = 0x00000800
    KERN_DRIVER_ONLY = 0x00001000
    INTERNAL         = 0x00002000
    OPTIONAL_KEY     = 0x00004000
    ALLOCATES_MEMORY = 0x00010000
    FIPS_INTERNAL    = 0x00020000


class crypto_report_larval(Message):
    fields_desc = [Text.of("type", NAME)]


class crypto_report_hash(Message):
    fields_desc = [Text.of("type", NAME), U32.of("blocksize"), U32.of("digestsize")]


class crypto_report_blkcipher(Message):
    fields_desc = [
        Text.of("type", NAME), Text.of("geniv", NAME), U32.of("blocksize"), U32.of("min_keysize"),
        U32.of("max_keysize"), U32.of("ivsize"),
    ]


class crypto_report_aead(Message):
    fields_desc = [
        Text.of("type", NAME), Text.of("geniv", NAME), U32.of("blocksize"), U32.of("maxauthsize"), U32.of("ivsize"),
    ]


class crypto_report_comp(Message):
    fields_desc = [Text.of("type", NAME)]


class crypto_report_rng(Message):
    fields_desc = [Text.of("type", NAME), U32.of("seedsize")]


class crypto_report_cipher(Message):
    fields_desc = [Text.of("type", NAME), U32.of("blocksize"), U32.of("min_keysize"), U32.of("max_keysize")]


class crypto_report_akcipher(Message):
    fields_desc = [Text.of("type", NAME)]


class crypto_report_kpp(Message):
    fields_desc = [Text.of("type", NAME)]


class crypto_report_acomp(Message):
    fields_desc = [Text.of("type", NAME)]


class crypto_stat_larval(Message):
    fields_desc = [Text.of("type", NAME)]


class crypto_stat_hash(Message):
    fields_desc = [Text.of("type", NAME), U64.of("stat_hash_cnt"), U64.of("stat_hash_tlen"), U64.of("stat_err_cnt")]


class crypto_stat_cipher(Message):
    fields_desc = [
        Text.of("type", NAME), U64.of("stat_encrypt_cnt"), U64.of("stat_encrypt_tlen"), U64.of("stat_decrypt_cnt"),
        U64.of("stat_decrypt_tlen"), U64.of("stat_err_cnt"),
    ]


class crypto_stat_aead(Message):
    fields_desc = crypto_stat_cipher.fields_desc


class crypto_stat_compress(Message):
    fields_desc = [
        Text.of("type", NAME), U64.of("stat_compress_cnt"), U64.of("stat_compress_tlen"),
        U64.of("stat_decompress_cnt"), U64.of("stat_decompress_tlen"), U64.of("stat_err_cnt"),
    ]


class crypto_stat_rng(Message):
    fields_desc = [
        Text.of("type", NAME), U64.of("stat_generate_cnt"), U64.of("stat_generate_tlen"), U64.of("stat_seed_cnt"),
        U64.of("stat_err_cnt"),
    ]


class crypto_stat_akcipher(Message):
    fields_desc = [
        Text.of("type", NAME), U64.of("stat_encrypt_cnt"), U64.of("stat_encrypt_tlen"), U64.of("stat_decrypt_cnt"),
        U64.of("stat_decrypt_tlen"), U64.of("stat_verify_cnt"), U64.of("stat_sign_cnt"), U64.of("stat_err_cnt"),
    ]


class crypto_stat_kpp(Message):
    fields_desc = [
        Text.of("type", NAME), U64.of("stat_setsecret_cnt"), U64.of("stat_generate_public_key_cnt"),
        U64.of("stat_compute_shared_secret_cnt"), U64.of("stat_err_cnt"),
    ]


class CRYPTOCFGA(AttrSet):
    PRIORITY_VAL     = U32(1)
    REPORT_LARVAL    = Struct(2, crypto_report_larval)
    REPORT_HASH      = Struct(3, crypto_report_hash)
    REPORT_BLKCIPHER = Struct(4, crypto_report_blkcipher)
    REPORT_AEAD      = Struct(5, crypto_report_aead)
    REPORT_COMPRESS  = Struct(6, crypto_report_comp)
    REPORT_RNG       = Struct(7, crypto_report_rng)
    REPORT_CIPHER    = Struct(8, crypto_report_cipher)
    REPORT_AKCIPHER  = Struct(9, crypto_report_akcipher)
    REPORT_KPP       = Struct(10, crypto_report_kpp)
    REPORT_ACOMP     = Struct(11, crypto_report_acomp)
    STAT_LARVAL      = Struct(12, crypto_stat_larval, deprecated=True)
    STAT_HASH        = Struct(13, crypto_stat_hash, deprecated=True)
    STAT_BLKCIPHER   = Struct(14, crypto_stat_cipher, deprecated=True)
    STAT_AEAD        = Struct(15, crypto_stat_aead, deprecated=True)
    STAT_COMPRESS    = Struct(16, crypto_stat_compress, deprecated=True)
    STAT_RNG         = Struct(17, crypto_stat_rng, deprecated=True)
    STAT_CIPHER      = Struct(18, crypto_stat_cipher, deprecated=True)
    STAT_AKCIPHER    = Struct(19, crypto_stat_akcipher, deprecated=True)
    STAT_KPP         = Struct(20, crypto_stat_kpp, deprecated=True)
    STAT_ACOMP       = Struct(21, crypto_stat_compress, deprecated=True)


class crypto_user_alg(Message):
    """A name alone asks for the algorithm with the highest priority, a driver's name for that one."""

    fields_desc = [
        Text.of("cru_name", NAME), Text.of("cru_driver_name", NAME), Text.of("cru_module_name", NAME),
        U32.of("cru_type", CRYPTO_ALG), U32.of("cru_mask", CRYPTO_ALG), U32.of("cru_refcnt"),
        U32.of("cru_flags", CRYPTO_ALG), Attrs("attrs", CRYPTOCFGA),
    ]
    summary = (
        "[{cru_name}][ driver {cru_driver_name}][ module {cru_module_name}][ priority {CRYPTOCFGA_PRIORITY_VAL}]"
        "[ type {type}][ blocksize {blocksize}][ digestsize {digestsize}][ keysize {min_keysize}..{max_keysize}]"
        "[ ivsize {ivsize}][ maxauthsize {maxauthsize}][ seedsize {seedsize}]"
    )


bind_message(
    crypto_user_alg,
    NETLINK_CRYPTO,
    CRYPTO_MSG_NEWALG=0x10,
    CRYPTO_MSG_DELALG=0x11,
    CRYPTO_MSG_UPDATEALG=0x12,
    CRYPTO_MSG_GETALG=0x13,
    CRYPTO_MSG_DELRNG=0x14,
    CRYPTO_MSG_GETSTAT=0x15,
)
bind_obsolete(NETLINK_CRYPTO, "CRYPTO_MSG_GETSTAT", instead="nothing")
