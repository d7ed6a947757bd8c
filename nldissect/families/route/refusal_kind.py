"""What a new link of a kind needs: for its absence the kind's code refuses, in older kernels without a word."""

from nldissect.wire import AttributeMissing, ObjectAbsent, bind_refusal

from .refusal_link import DATA, both, here, links, makes, of_kind
from .request_forms import ROUTE

BELOW = (
    ("macvlan macvtap", "macvlan_common_newlink (drivers/net/macvlan.c)"),
    ("ipvlan ipvtap",   "ipvlan_link_new (drivers/net/ipvlan/ipvlan_main.c)"),
    ("vlan",            "vlan_newlink (net/8021q/vlan_netlink.c)"),
    ("macsec",          "macsec_newlink (drivers/net/macsec.c)"),
    ("virt_wifi",       "virt_wifi_newlink (drivers/net/wireless/virtual/virt_wifi.c)"),
    ("lowpan",          "lowpan_newlink (net/ieee802154/6lowpan/core.c)"),
    ("ipoib",           "ipoib_new_child_link (drivers/infiniband/ulp/ipoib/ipoib_netlink.c)"),
    ("rmnet",           "rmnet_newlink (drivers/net/ethernet/qualcomm/rmnet/rmnet_config.c)"),
)
"""Kinds that stand on the link of IFLA_LINK: EINVAL without one, ENODEV where there is none of that index."""

NEEDS = (
    ("vlan",    "IFLA_VLAN_ID",         "vlan_newlink (net/8021q/vlan_netlink.c)"),
    ("vrf",     "IFLA_VRF_TABLE",       "vrf_newlink (drivers/net/vrf.c)"),
    ("hsr",     "IFLA_HSR_SLAVE1",      "hsr_newlink (net/hsr/hsr_netlink.c)"),
    ("hsr",     "IFLA_HSR_SLAVE2",      "hsr_newlink (net/hsr/hsr_netlink.c)"),
    ("bareudp", "IFLA_BAREUDP_PORT",    "bareudp2info (drivers/net/bareudp.c)"),
    ("bareudp", "IFLA_BAREUDP_ETHERTYPE", "bareudp2info (drivers/net/bareudp.c)"),
    ("amt",     "IFLA_AMT_LINK",        "amt_validate (drivers/net/amt.c)"),
    ("amt",     "IFLA_AMT_MODE",        "amt_validate (drivers/net/amt.c)"),
    ("amt",     "IFLA_AMT_LOCAL_IP",    "amt_validate (drivers/net/amt.c)"),
    ("rmnet",   "IFLA_RMNET_MUX_ID",    "rmnet_rtnl_validate (drivers/net/ethernet/qualcomm/rmnet/rmnet_config.c)"),
    ("gtp",     "IFLA_GTP_FD0 IFLA_GTP_FD1 IFLA_GTP_CREATE_SOCKETS", "gtp_encap_enable (drivers/net/gtp.c)"),
    ("xfrm",    "IFLA_XFRM_IF_ID IFLA_XFRM_COLLECT_METADATA", "xfrmi_newlink (net/xfrm/xfrm_interface_core.c)"),
    ("wwan",    "IFLA_PARENT_DEV_NAME", "wwan_rtnl_validate (drivers/net/wwan/wwan_core.c)"),
    ("wwan",    "IFLA_WWAN_LINK_ID",    "wwan_rtnl_validate (drivers/net/wwan/wwan_core.c)"),
    ("vxlan",   "IFLA_INFO_DATA",       "vxlan_validate (drivers/net/vxlan/vxlan_core.c)"),
    ("geneve",  "IFLA_INFO_DATA",       "geneve_validate (drivers/net/geneve.c)"),
    ("ppp",     "IFLA_INFO_DATA",       "ppp_nl_validate (drivers/net/ppp/ppp_generic.c)"),
)
"""Kind, the attributes of which it needs one, and the function that refuses with EINVAL where there is none."""

TOP = ("IFLA_LINK", "IFLA_PARENT_DEV_NAME")


def path_of(name: str) -> str:
    """The place of an attribute in a request."""
    if name in TOP:
        return name
    return f"IFLA_LINKINFO.{name}" if name == "IFLA_INFO_DATA" else f"{DATA}.{name}"


for kinds, function in BELOW:
    where = both(makes, of_kind(*kinds.split()))
    for kind in kinds.split():
        bind_refusal(
            ROUTE, "RTM_NEWLINK", "EINVAL", AttributeMissing(("IFLA_LINK",), f"a link of kind {kind}"),
            where=both(makes, of_kind(kind)), source=function,
        )
    bind_refusal(
        ROUTE, "RTM_NEWLINK", "ENODEV", ObjectAbsent(links("IFLA_LINK")), where=both(where, here), source=function
    )
for kind, names, function in NEEDS:
    bind_refusal(
        ROUTE, "RTM_NEWLINK", "EINVAL",
        AttributeMissing(tuple(map(path_of, names.split())), f"a link of kind {kind}"),
        where=both(makes, of_kind(kind)), source=function,
    )
