# Foo-over-UDP ports and ILA translations.
modprobe fou; modprobe ila
ip address add 192.0.2.1/32 dev lo
capture
ip fou add port 5555 ipproto 4 local 192.0.2.1
ip fou add port 6666 gue -6
ip fou show
ip fou del port 5555 local 192.0.2.1
fails ip fou del port 7777
ip ila add loc_match 1:2:3:4 loc 5:6:7:8 csum-mode adj-transport ident-type luid
ip ila list
ip ila del loc_match 1:2:3:4 loc 5:6:7:8
