#!/bin/bash
# Boots a whole host, PID 1 and all, with /usr of this machine on a root folder of its own. It is in a control
# group and in namespaces of its own: what it mounts and starts ends with it.
# usage: nspawn-host.sh ROOT WORD…    the words go to systemd-nspawn. It says `group PATH`, of its
# control group, and `boot MS` before each boot, on standard output. A reboot is done as often as it is asked for; the host is
# gone at the end of the input.
set -u
CG=/sys/fs/cgroup; [ -f $CG/cgroup.procs ] || CG=$CG/unified
C=$CG/sallyport-test-$$; mkdir "$C" || exit 1
echo "group $C"
(echo $BASHPID >"$C/cgroup.procs"; exec unshare -m -p -C -f --kill-child bash -c '
 mount -t proc proc /proc && mount -t cgroup2 none /sys/fs/cgroup && mount -t tmpfs none /run || exit 1
 code=133 # It wants to be started again.
 while [ $code = 133 ]; do
  echo "boot $(date +%s%3N)"
  SYSTEMD_NSPAWN_UNIFIED_HIERARCHY=1 systemd-nspawn --directory="$@" --boot --register=no --keep-unit --private-network \
   --link-journal=no --resolv-conf=off --timezone=off --console=pipe </dev/null >&2
  code=$?
 done' - "$@") </dev/null &
cat >/dev/null
exec 2>/dev/null # Nobody may listen any more.
echo 1 >"$C/cgroup.kill"
until rmdir $(find "$C" -depth -type d) 2>/dev/null || [ ! -d "$C" ]; do sleep .02; done
