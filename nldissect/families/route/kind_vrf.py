"""VRFs and their ports: IFLA_INFO_DATA and _SLAVE_DATA of kind "vrf" (linux/if_link.h)."""

from nldissect.wire import U32, AttrSet, bind_attrs

from ..common import RT_TABLE
from .link import IFLA_INFO


class IFLA_VRF(AttrSet):
    TABLE = U32(1, RT_TABLE)


class IFLA_VRF_PORT(AttrSet):
    TABLE = U32(1, RT_TABLE)


bind_attrs(IFLA_INFO.DATA, IFLA_VRF, KIND="vrf")
bind_attrs(IFLA_INFO.SLAVE_DATA, IFLA_VRF_PORT, SLAVE_KIND="vrf")
bind_attrs(IFLA_INFO.SLAVE_DATA, IFLA_VRF_PORT, KIND="vrf_slave")    # as iproute2 asks for changes
