"""Objects in the shape of iproute2's JSON: the object that `ip -j -d`, `bridge -j -d` or `tc -j -d` prints of each.

    leaves of an object (analysis/objects) -> ObjectValues -> the table of its type -> dict, keys in iproute2's order

Entry points, all in shape.py: `iproute_object` for one object; `addresses_by_link`, `vlans_by_port` for the commands
that put several objects into one.

table      a key of iproute2 and the converter of its value, in the order in which iproute2 prints them
converter  function from an object's values to the value of one key, ABSENT where iproute2 prints no such key
values     an object's values by path, or those below a path (values.py)

To add a link kind: a table in link_kinds.py or tunnels.py, and its line in KINDS. To add a qdisc: the same in qdisc.py.
What has no key in iproute2 is left out; nothing is guessed. Names are those of iproute2's own configuration files, as
the package installs them (names.py).
"""
