# Identifier locator addressing: mappings added, listed, deleted over the generic family.
ip link add d0 address 02:00:00:00:00:01 type dummy
ip link set d0 up
modprobe ila
capture
ip ila add loc_match 2001:db8:0:1 loc 2001:db8:0:2 csum-mode neutral-map ident-type luid dev d0
ip ila add loc_match 2001:db8:0:3 loc 2001:db8:0:4 csum-mode no-action ident-type use-format
ip ila list
ip ila del loc_match 2001:db8:0:1 loc 2001:db8:0:2 dev d0
ip ila del loc_match 2001:db8:0:9 loc 2001:db8:0:2
