# Accounting objects of netfilter, and passive operating system fingerprints.
modprobe nfnetlink_acct; modprobe nfnetlink_osf; modprobe xt_osf
capture
nfacct add web
nfacct add limited packet 100
nfacct list
nfacct get web reset
nfacct delete limited
fails nfacct get nosuch
echo 'S10:64:1:60:M*,S,T,N,W7:Linux:3.10::Linux 3.10' >/run/fingerprints
nfnl_osf -f /run/fingerprints
