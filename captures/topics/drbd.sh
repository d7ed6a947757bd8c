# Replicated block devices: a resource, a volume, a disk, a connection that finds no peer, events. In the kernel's first namespaces.
modprobe drbd usermode_helper=/bin/true
mkdir -p /run/lock /run/drbd
modprobe brd rd_nr=1 rd_size=4096
export DRBD_DONT_WARN_ON_VERSION_MISMATCH=1
ip address add 192.0.2.1/24 dev lo
export PATH=/usr/lib/drbd:$PATH
capture
listen drbdsetup-84 events2 --timestamps
drbdsetup-84 new-resource r0 --cpu-mask=1 --on-no-data-accessible=suspend-io
drbdsetup-84 new-minor r0 0 0
drbdmeta 0 v08 /dev/ram0 internal create-md --force
drbdsetup-84 attach 0 /dev/ram0 /dev/ram0 internal --on-io-error=detach --c-max-rate=4096k --al-extents=127
drbdsetup-84 connect r0 ipv4:192.0.2.1:7789 ipv4:192.0.2.2:7789 --protocol=C --shared-secret=donttell --cram-hmac-alg=sha1 --after-sb-0pri=discard-zero-changes
drbdsetup-84 status r0 --verbose --statistics
drbdsetup-84 show r0
drbdsetup-84 primary 0 --force
drbdsetup-84 disk-options 0 --c-max-rate=8192k
fails drbdsetup-84 resize 0 --assume-clean
drbdsetup-84 secondary 0
drbdsetup-84 disconnect ipv4:192.0.2.1:7789 ipv4:192.0.2.2:7789
drbdsetup-84 detach 0
drbdsetup-84 down r0
