# The generic family nfsd: versions, listeners of both IP versions, pool mode, threads.
modprobe nfsd
mount -t nfsd nfsd /proc/fs/nfsd
mkdir -p /run/rpcbind; rpcbind
capture
nfsdctl version -4.0 +4.2
nfsdctl version
nfsdctl listener +tcp:127.0.0.1:2049 +tcp:[::1]:2049
nfsdctl listener
nfsdctl pool-mode global
nfsdctl pool-mode
nfsdctl threads 3
nfsdctl threads
nfsdctl status
nfsdctl threads 0
