import { userInfo } from 'node:os';
import type { ActAsked } from '../agent/local/act-request.ts';
import type { World } from './world.ts';

/** Who asks: the user of this machine; behind `sudo` the one who typed it. */
export function callerOf(env: World['env'], me = whoAmI()): ActAsked['caller'] {
  const { SUDO_USER: name, SUDO_UID: uid } = env;
  if (me.uid === 0 && name && uid && /^\d{1,9}$/.test(uid)) return { name, uid: Number(uid) };
  return me;
}

function whoAmI(): ActAsked['caller'] {
  const uid = process.getuid?.() ?? 0;
  try {
    return { name: userInfo().username, uid };
  } catch {
    // A container may know no name for its user.
    return { name: `uid-${uid}`, uid };
  }
}
