"""Error counters of graphics devices (drm/drm_ras.h); since 7.1."""

from nldissect.wire import U32, AttrSet, Enum, Text, bind_genl


class DRM_RAS_NODE_TYPE(Enum):
    ERROR_COUNTER = 1


class DRM_RAS_A_NODE_ATTRS(AttrSet):
    NODE_ID     = U32(1)
    DEVICE_NAME = Text(2)
    NODE_NAME   = Text(3)
    NODE_TYPE   = U32(4, DRM_RAS_NODE_TYPE)

    template = (
        "[node {DRM_RAS_A_NODE_ATTRS_NODE_ID} ][{DRM_RAS_A_NODE_ATTRS_NODE_NAME} ]"
        "[of {DRM_RAS_A_NODE_ATTRS_DEVICE_NAME} ][{DRM_RAS_A_NODE_ATTRS_NODE_TYPE}]"
    )


class DRM_RAS_A_ERROR_COUNTER_ATTRS(AttrSet):
    NODE_ID     = U32(1)
    ERROR_ID    = U32(2)
    ERROR_NAME  = Text(3)
    ERROR_VALUE = U32(4)

    template = (
        "[node {DRM_RAS_A_ERROR_COUNTER_ATTRS_NODE_ID} ][error {DRM_RAS_A_ERROR_COUNTER_ATTRS_ERROR_ID} ]"
        "[{DRM_RAS_A_ERROR_COUNTER_ATTRS_ERROR_NAME} ][count {DRM_RAS_A_ERROR_COUNTER_ATTRS_ERROR_VALUE}]"
    )


bind_genl(DRM_RAS_A_NODE_ATTRS, "drm-ras", DRM_RAS_CMD_LIST_NODES=1)
bind_genl(
    DRM_RAS_A_ERROR_COUNTER_ATTRS, "drm-ras", DRM_RAS_CMD_GET_ERROR_COUNTER=2, DRM_RAS_CMD_CLEAR_ERROR_COUNTER=3
)
