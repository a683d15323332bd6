import { join } from 'node:path';
import { SallyportError, exitCodes } from '../model/errors.ts';
import { systemUnitsFolder } from '../config/systemd-access.ts';
import type { Place } from './place.ts';
import { systemctl, type UnitState } from './systemctl.ts';
import { agentUnitName, proxyUnitName } from './unit-names.ts';

export type UninstallStep =
  | { readonly kind: 'run'; readonly command: readonly [string, ...string[]]; readonly why: string }
  | { readonly kind: 'stop-program'; readonly name: string }
  | { readonly kind: 'remove'; readonly path: string; readonly why: string };

export interface UninstallPlan {
  readonly steps: readonly UninstallStep[];
  /** What stays, in words. */
  readonly left: readonly string[];
}

export interface UninstallFacts {
  readonly place: Place;
  readonly user: string;
  readonly state: string;
  readonly envRoot: string;
  /** `null` where no manager answers. */
  readonly units: readonly UnitState[] | null;
  /** Programs that the agent has started and that run now. */
  readonly running: readonly string[];
  readonly hasUser: boolean;
  /** The number of the user, where its own manager runs from boot on; else `null`. */
  readonly lingeringUid: number | null;
  /** The agent's own of folders that proxies of the host read; people may have files there too. */
  readonly proxyFolders: readonly string[];
  readonly hasSettings: boolean;
}

export interface UninstallChoice {
  /** End services and the embedded proxy too. */
  readonly services: boolean;
  /** Remove state, secrets, configuration and user too. */
  readonly purge: boolean;
}

/** What goes, and what stays. Throws `services_running` rather than take the files from what runs. */
export function planUninstall(facts: UninstallFacts, choice: UninstallChoice): UninstallPlan {
  const { place, state, envRoot, running, user, hasUser } = facts;
  if (choice.purge && !choice.services && running.length > 0) throw stillRunning(running);
  const goes = [agentUnitName, ...(choice.services ? [proxyUnitName] : [])];
  const known = (facts.units ?? []).filter(
    ({ unit, loaded }) => loaded === 'loaded' && goes.includes(unit),
  );
  const stops = known.map(({ unit }) => unit);
  const stopsHere = choice.services ? running : [];
  const files: UninstallStep[] = [
    ...stops.map((unit) => remove(join(place.units, unit), 'its unit')),
    remove(place.completion, 'completion'),
    ...(choice.services ? [place.polkit, place.proxyPolkit].flatMap((path) => path ?? []) : []).map(
      (path) => remove(path, 'its rule'),
    ),
  ];
  const goesUser = place.scope === 'system' && hasUser && choice.purge;
  const purged: UninstallStep[] = choice.purge
    ? [
        remove(state, "releases, journal and this host's key"),
        remove(envRoot, 'secrets of services'),
        remove(place.token, 'the token'),
        remove(place.config, 'configuration'),
        ...(place.scope === 'system' ? [remove(systemUnitsFolder, 'units of services')] : []),
        ...facts.proxyFolders.flatMap((path) => [
          run('routes of the proxy', 'find', path, ...ours, '-delete'),
          emptied(path),
        ]),
        ...(facts.hasSettings ? [emptied(place.settings)] : []),
        ...(goesUser ? endManager(user, facts.lingeringUid) : []),
        ...(goesUser ? [run('the user goes', 'userdel', user)] : []),
      ]
    : [];
  return {
    steps: [
      ...(stops.length > 0
        ? [
            run(
              'they end, and stay away at boot',
              ...systemctl(place.scope, 'disable', '--now', ...stops),
            ),
          ]
        : []),
      ...stopsHere.map((name): UninstallStep => ({ kind: 'stop-program', name })),
      ...files,
      ...(stops.length > 0
        ? [run('it forgets the units', ...systemctl(place.scope, 'daemon-reload'))]
        : []),
      ...purged,
    ],
    left: leftOf(facts, choice),
  };
}

function leftOf(
  { running, state, envRoot, place, user, hasUser, units }: UninstallFacts,
  { services, purge }: UninstallChoice,
): readonly string[] {
  const hasProxyUnit = units?.some(
    ({ unit, loaded }) => unit === proxyUnitName && loaded === 'loaded',
  );
  return [
    ...(services ? [] : running.map((name) => `${name} runs on`)),
    ...(!services && hasProxyUnit ? [`${proxyUnitName} stays, and comes back at boot`] : []),
    ...(purge
      ? []
      : [
          `${state}: releases, journal and this host's key`,
          `${envRoot}: secrets of services`,
          `${place.config}: configuration`,
          ...(place.scope === 'system' && hasUser ? [`the user ${user}`] : []),
        ]),
  ];
}

/** A line for people: what will be done. */
export function describeUninstall(step: UninstallStep): string {
  switch (step.kind) {
    case 'run':
      return `${step.command.join(' ')}  (${step.why})`;
    case 'stop-program':
      return `end ${step.name}`;
    case 'remove':
      return `remove ${step.path} (${step.why})`;
  }
}

/** What drivers call their files in a folder. */
const ours = ['-maxdepth', '1', '-type', 'f', '-name', 'sallyport-*'] as const;

function emptied(path: string): UninstallStep {
  return run('unless there is something of yours', 'rmdir', '--ignore-fail-on-non-empty', path);
}

/** A user that a manager runs as cannot go. */
function endManager(user: string, uid: number | null): UninstallStep[] {
  if (uid === null) return [];
  return [
    run('its manager stays away at boot', 'loginctl', 'disable-linger', user),
    run('its manager ends', 'systemctl', 'stop', `user@${uid}.service`),
  ];
}

function run(why: string, ...command: readonly [string, ...string[]]): UninstallStep {
  return { kind: 'run', command, why };
}

function remove(path: string, why: string): UninstallStep {
  return { kind: 'remove', path, why };
}

function stillRunning(running: readonly string[]): SallyportError {
  return new SallyportError({
    code: 'services_running',
    message: `${running.join(', ')} run from the files that --purge removes.`,
    hint: 'sallyport agent uninstall --services --purge',
    exit: exitCodes.refused,
  });
}
