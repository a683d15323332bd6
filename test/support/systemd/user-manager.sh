#!/bin/bash
# A real `systemd --user` with a journal, in cgroup and mount namespaces of its own: without a cgroup
# namespace it would move every process of the machine. Processes keep the pids that the machine knows.
# usage: user-manager.sh HOME UID    says `ready PID` on standard output; ends, with all that runs in it, at
# the end of its input. The manager is started again whenever it exits, as after a boot.
set -u
CG=/sys/fs/cgroup; [ -f $CG/cgroup.procs ] || CG=$CG/unified
C=$CG/sallyport-test-$$; mkdir "$C" || exit 1
(echo $BASHPID >"$C/cgroup.procs"; exec unshare -m -C bash -c '
 home=$1 uid=$2 runtime=/run/user/$2
 mount -t cgroup2 none /sys/fs/cgroup && mount -t tmpfs none /run || exit 1
 mount -t tmpfs none /var/lib/systemd; mkdir /var/lib/systemd/linger; >/var/lib/systemd/linger/root
 mkdir -p /run/systemd/system /run/log/journal $runtime; chmod 700 $runtime
 # A host has these as soon as any sandboxed service ran; users cannot make them.
 mkdir /run/systemd/unit-root /run/systemd/mount-rootfs /run/systemd/propagate
 journald=/sys/fs/cgroup/system.slice/systemd-journald.service
 manager=/sys/fs/cgroup/user.slice/user-$uid.slice/user@$uid.service; mkdir -p $journald $manager
 (echo $BASHPID >$journald/cgroup.procs; exec /lib/systemd/systemd-journald) >&2 &
 until [ -S /run/systemd/journal/stdout ]; do sleep .02; done
 chown -R $uid "$home" $runtime
 echo $BASHPID >$manager/cgroup.procs
 echo "ready $BASHPID"
 while [ -d "$home" ]; do
  echo $BASHPID >$manager/cgroup.procs
  chown -R $uid $manager
  setpriv --reuid $uid --regid $uid --clear-groups env -i PATH="$PATH" HOME="$home" LANG=C.UTF-8 \
   XDG_RUNTIME_DIR=$runtime /lib/systemd/systemd --user >&2
 done' - "$1" "$2") </dev/null &
cat >/dev/null
echo 1 >"$C/cgroup.kill"
until rmdir $(find "$C" -depth -type d) 2>/dev/null || [ ! -d "$C" ]; do sleep .02; done
