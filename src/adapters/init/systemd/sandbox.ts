import { quotePath } from './quote.ts';
import type { UnitFacts } from './unit-facts.ts';

/** Nothing of it needs a privilege that a user's own manager lacks. */
const everywhere = [
  'NoNewPrivileges=yes',
  'ProtectSystem=strict',
  'ProtectHome=read-only',
  'ProtectControlGroups=yes',
  'RestrictSUIDSGID=yes',
  'RestrictRealtime=yes',
  'LockPersonality=yes',
  'SystemCallArchitectures=native',
];
/** Takes capabilities or devices away, which only the system's manager can. */
const systemOnly = [
  'PrivateDevices=yes',
  'ProtectClock=yes',
  'ProtectHostname=yes',
  'ProtectKernelModules=yes',
];

/**
 * What keeps a program to its own: the whole disk is read-only but for `/tmp`, which is its own, and
 * what it may write to. Its release is read-only too: files of releases are shared by hard links.
 */
export function sandboxLines({ spec, program, scope, mapsUser }: UnitFacts): readonly string[] {
  const { writable = [] } = spec.supervision ?? {};
  const usesTmp = [spec.directory, program, ...writable].some((path) =>
    /^\/(var\/)?tmp\//.test(path),
  );
  return [
    ...everywhere,
    ...(scope === 'system' ? systemOnly : []),
    ...(scope === 'user' && mapsUser ? ['PrivateUsers=yes'] : []),
    // A /tmp of its own would hide what lies in the host's.
    ...(usesTmp ? [] : ['PrivateTmp=yes']),
    ...writable.map((path) => `ReadWritePaths=${quotePath(path)}`),
  ];
}
