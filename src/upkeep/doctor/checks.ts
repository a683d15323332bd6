import { checkAgent } from './checks/agent.ts';
import { checkClock } from './checks/clock.ts';
import { checkDisk } from './checks/disk.ts';
import { checkEnrolled } from './checks/enrolled.ts';
import { checkGit } from './checks/git.ts';
import { checkGithub } from './checks/github.ts';
import { checkInits } from './checks/inits.ts';
import { checkNode } from './checks/node.ts';
import { checkPermissions } from './checks/permissions.ts';
import { checkPorts } from './checks/ports.ts';
import { checkProxies } from './checks/proxies.ts';
import { checkRemote } from './checks/remote.ts';
import { checkTimeZones } from './checks/time-zones.ts';
import { checkUnits } from './checks/units.ts';
import type { Check } from './world.ts';

/** Everything that `agent doctor` looks at, in the order in which it is told. To add one: a file, a line here. */
export const checks: readonly Check[] = [
  { name: 'node', run: checkNode },
  { name: 'time-zones', run: checkTimeZones },
  { name: 'git', run: checkGit },
  { name: 'permissions', run: checkPermissions },
  { name: 'disk', run: checkDisk },
  { name: 'units', run: checkUnits },
  { name: 'agent', run: checkAgent },
  { name: 'remote', run: checkRemote },
  { name: 'github', run: checkGithub },
  { name: 'enrolled', run: checkEnrolled },
  { name: 'clock', run: checkClock },
  { name: 'init', run: checkInits },
  { name: 'proxy', run: checkProxies },
  { name: 'ports', run: checkPorts },
];
