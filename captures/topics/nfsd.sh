# The generic family nfsd: versions, listeners over TCP and UDP, threads, pool mode, a request that waits in a thread.
modprobe nfsd
mount -t nfsd nfsd /proc/fs/nfsd
capture
nfsdctl version -4.0 +4.2
nfsdctl version
nfsdctl listener +tcp:127.0.0.1:2049 +udp:[::1]:2049
nfsdctl listener
nfsdctl pool-mode global
nfsdctl pool-mode
nfsdctl threads --grace-time 15 --lease-time 20 --scope here 3
nfsdctl threads
nfsdctl status
nfsdctl threads 0
