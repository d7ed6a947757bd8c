"""NETLINK_ROUTE: links, addresses, routes, neighbours, rules, nexthops, traffic control."""
