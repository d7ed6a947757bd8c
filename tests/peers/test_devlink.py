"""`devlink -j` beside our values of the messages it had that from (captures/topics/devlink_json.sh, iproute2 6.15)."""

from __future__ import annotations

import json
from typing import Any

from tests.helpers.captures import replies
from tests.helpers.genl_messages import values

NAME = "devlink_json.pcap"
DEVICE = "netdevsim/netdevsim1"
UNLIMITED = (1 << 64) - 1


def told(command: str) -> list[dict[str, Any]]:
    found = [values(one) for one in replies(NAME, "devlink", cmd=command)]
    assert found and {DEVICE} == {f"{one['DEVLINK_ATTR_BUS_NAME']}/{one['DEVLINK_ATTR_DEV_NAME']}" for one in found}
    return found


def word(constant: str) -> str:
    """DEVLINK_PORT_FLAVOUR_PHYSICAL is "physical" to devlink."""
    return constant.rpartition("_")[2].lower()


def test_ports() -> None:
    printed = json.loads(
        '{"port":{"netdevsim/netdevsim1/0":{"type":"eth","netdev":"eth0","flavour":"physical","port":1,"splittable":false},'
        '"netdevsim/netdevsim1/1":{"type":"eth","netdev":"eth1","flavour":"physical","port":2,"splittable":false}}}'
    )
    ours = {
        f"{DEVICE}/{one['DEVLINK_ATTR_PORT_INDEX']}": {
            "type": word(one["DEVLINK_ATTR_PORT_TYPE"]),
            "netdev": one["DEVLINK_ATTR_PORT_NETDEV_NAME"],
            "flavour": word(one["DEVLINK_ATTR_PORT_FLAVOUR"]),
            "port": one["DEVLINK_ATTR_PORT_NUMBER"],
            "splittable": bool(one["DEVLINK_ATTR_PORT_SPLITTABLE"]),
        }
        for one in told("DEVLINK_CMD_PORT_NEW")
    }
    assert printed["port"] == ours


def test_parameters() -> None:
    """A flag that is true is there and has no bytes."""
    printed = json.loads(
        '{"param":{"netdevsim/netdevsim1":[{"name":"max_macs","type":"generic","values":[{"cmode":"driverinit","value":32}]},'
        '{"name":"test1","type":"driver-specific","values":[{"cmode":"driverinit","value":true}]}]}}'
    )
    ours = []
    for one in told("DEVLINK_CMD_PARAM_GET"):
        param = one["DEVLINK_ATTR_PARAM"]
        listed = param["DEVLINK_ATTR_PARAM_VALUES_LIST"]["DEVLINK_ATTR_PARAM_VALUE"]
        ours.append(
            {
                "name": param["DEVLINK_ATTR_PARAM_NAME"],
                "type": "generic" if param.get("DEVLINK_ATTR_PARAM_GENERIC") else "driver-specific",
                "values": [
                    {
                        "cmode": word(one["DEVLINK_ATTR_PARAM_VALUE_CMODE"]),
                        "value": one["DEVLINK_ATTR_PARAM_VALUE_DATA"],
                    }
                    for one in listed
                ],
            }
        )
    assert printed["param"][DEVICE] == ours


def test_versions() -> None:
    printed = json.loads(
        '{"info":{"netdevsim/netdevsim1":{"driver":"netdevsim","versions":{"running":{"fw.mgmt":"10.20.30"},'
        '"stored":{"fw.mgmt":"10.20.30"}}}}}'
    )
    (one,) = told("DEVLINK_CMD_INFO_GET")
    versions = {
        kind.lower(): {
            version["DEVLINK_ATTR_INFO_VERSION_NAME"]: version["DEVLINK_ATTR_INFO_VERSION_VALUE"]
            for version in one[f"DEVLINK_ATTR_INFO_VERSION_{kind}"]
        }
        for kind in ("RUNNING", "STORED")
    }
    assert printed["info"][DEVICE] == {"driver": one["DEVLINK_ATTR_INFO_DRIVER_NAME"], "versions": versions}


def test_resources() -> None:
    """devlink says "unlimited" for a size of all ones, and "none" for tables that do not use a resource."""
    same = '"unit":"entry","size_min":0,"size_max":"unlimited","size_gran":1,"dpipe_tables":"none"'
    printed = json.loads(
        f'{{"resources":{{"netdevsim/netdevsim1":[{{"name":"IPv4","size":"unlimited",{same},"resources":['
        f'{{"name":"fib","size":"unlimited","occ":3,{same}}},{{"name":"fib-rules","size":"unlimited","occ":3,{same}}}]}},'
        f'{{"name":"IPv6","size":"unlimited",{same},"resources":['
        f'{{"name":"fib","size":"unlimited","occ":1,{same}}},{{"name":"fib-rules","size":"unlimited","occ":2,{same}}}]}},'
        f'{{"name":"nexthops","size":"unlimited","occ":0,{same}}}]}}}}'
    )

    def size(number: int) -> int | str:
        return "unlimited" if number == UNLIMITED else number

    def ours(one: dict[str, Any]) -> dict[str, Any]:
        row = {name.removeprefix("DEVLINK_ATTR_RESOURCE_").lower(): value for name, value in one.items()}
        inside = {"resources": listed(one)} if "list" in row else {}
        occupied = {"occ": row["occ"]} if "occ" in row else {}
        return {
            "name": row["name"], "size": size(row["size"]), "unit": word(row["unit"]), "size_min": row["size_min"],
            "size_max": size(row["size_max"]), "size_gran": row["size_gran"], "dpipe_tables": "none",
            **inside, **occupied,
        }  # fmt: skip

    def listed(one: dict[str, Any]) -> list[dict[str, Any]]:
        return [ours(inner) for inner in one["DEVLINK_ATTR_RESOURCE_LIST"]["DEVLINK_ATTR_RESOURCE"]]

    (one,) = told("DEVLINK_CMD_RESOURCE_DUMP")
    assert printed["resources"][DEVICE] == listed(one)


def test_policers() -> None:
    printed = json.loads(
        '{"trap_policer":{"netdevsim/netdevsim1":[{"policer":1,"rate":1000,"burst":128},'
        '{"policer":2,"rate":2000,"burst":256},{"policer":3,"rate":3000,"burst":512}]}}'
    )
    names = {"policer": "ID", "rate": "RATE", "burst": "BURST"}
    assert printed["trap_policer"][DEVICE] == [
        {theirs: one[f"DEVLINK_ATTR_TRAP_POLICER_{ours}"] for theirs, ours in names.items()}
        for one in told("DEVLINK_CMD_TRAP_POLICER_NEW")
    ]


def test_health() -> None:
    printed = json.loads(
        '{"health":{"netdevsim/netdevsim1":[{"reporter":"empty","state":"healthy","error":0,"recover":0,"auto_dump":true},'
        '{"reporter":"dummy","state":"healthy","error":0,"recover":0,"grace_period":0,"auto_recover":true,"auto_dump":true}]}}'
    )
    names = {
        "reporter": "NAME", "state": "STATE", "error": "ERR_COUNT", "recover": "RECOVER_COUNT",
        "grace_period": "GRACEFUL_PERIOD", "auto_recover": "AUTO_RECOVER", "auto_dump": "AUTO_DUMP",
    }  # fmt: skip
    ours = []
    for one in told("DEVLINK_CMD_HEALTH_REPORTER_GET"):
        reporter = one["DEVLINK_ATTR_HEALTH_REPORTER"]
        row = {
            theirs: reporter[name]
            for theirs, ours_ in names.items()
            if (name := f"DEVLINK_ATTR_HEALTH_REPORTER_{ours_}") in reporter
        }
        ours.append(row | {"state": word(row["state"])})
    assert printed["health"][DEVICE] == ours  # True is 1
