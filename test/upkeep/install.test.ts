import { expect, test } from 'vitest';
import { carryOut } from '../../src/upkeep/carry-out.ts';
import { describeStep } from '../../src/upkeep/install-steps.ts';
import { look } from '../../src/upkeep/look.ts';
import { placeOf, type Scope } from '../../src/upkeep/place.ts';
import { planInstall } from '../../src/upkeep/plan-install.ts';
import { wantedOf } from '../../src/upkeep/wanted.ts';
import { fakeMachine, shownUnits, unknownUnit, type FakeMachine } from '../support/fake-machine.ts';
import type { UnitFacts } from '../../src/upkeep/agent-unit.ts';
import { agentConfig, unitFacts } from './installation.ts';

const agent = 'sallyport-agent.service';
const proxy = 'sallyport-proxy.service';
const show = 'systemctl show';
const running = shownUnits({ [proxy]: {}, [agent]: {} });
const token = '/etc/sallyport/token';

test('an empty host gets a user, folders, files, a key and units, in this order', async () => {
  const machine = emptyHost();
  machine.paths.set(token, { kind: 'file', mode: 0o600, uid: 990, gid: 990, text: 'x' });
  const { steps, notes } = await plan(machine);
  expect(steps.map(describeStep)).toEqual([
    'make the user and group sallyport, without a shell or a password',
    'make the folder /etc/sallyport (755, yours)',
    "make the folder /etc/sallyport/env (700, the agent's)",
    "make the folder /var/lib/sallyport (700, the agent's)",
    "make the folder /var/lib/sallyport/proxy (700, the agent's)",
    'write /etc/sallyport/agent.yml (from the options)',
    'write /etc/systemd/system/sallyport-agent.service (unit of systemd)',
    'write /etc/systemd/system/sallyport-proxy.service (unit of systemd)',
    'write /etc/bash_completion.d/sallyport (completes commands in bash)',
    "make this host's key in /var/lib/sallyport (600); it never leaves this host",
    'systemctl daemon-reload  (it reads the units)',
    `systemctl enable ${proxy} ${agent}  (they come back at boot)`,
    `systemctl start --no-block ${proxy}  (it starts)`,
    `systemctl start --no-block ${agent}  (it starts)`,
  ]);
  expect(notes).toEqual([]);
});

test('installed, the files are their owners’, and a second run has nothing to do', async () => {
  const machine = emptyHost();
  machine.paths.set(token, { kind: 'file', mode: 0o600, uid: 990, gid: 990, text: 'x' });
  await install(machine);
  const modeOf = (path: string) => {
    const { mode, uid } = machine.paths.get(path)!;
    return `${mode.toString(8)} ${uid}`;
  };
  expect(modeOf('/var/lib/sallyport')).toBe('700 990');
  expect(modeOf('/var/lib/sallyport/key')).toBe('600 990');
  expect(modeOf('/etc/sallyport/env')).toBe('700 990');
  expect(modeOf('/etc/systemd/system/sallyport-agent.service')).toBe('644 0');
  machine.answers.set(show, running);
  expect((await plan(machine)).steps).toEqual([]);
});

test('the proxy starts at once; the agent waits for its token', async () => {
  const machine = emptyHost();
  const { steps, notes } = await plan(machine);
  const lines = steps.map(describeStep);
  expect(lines).toContain(`systemctl start --no-block ${proxy}  (it starts)`);
  expect(lines.join('\n')).not.toContain(`start --no-block ${agent}`);
  expect(notes).toMatchObject([
    { hint: expect.stringContaining(`install -m 600 -o sallyport /dev/stdin ${token}`) },
  ]);
});

const wrong: readonly (readonly [string, (machine: FakeMachine) => void, readonly string[]])[] = [
  [
    'a mode',
    (machine) => setMode(machine, '/var/lib/sallyport', 0o755),
    ["protect the folder /var/lib/sallyport (700, the agent's)"],
  ],
  [
    'a unit that somebody changed',
    (machine) => setText(machine, `/etc/systemd/system/${agent}`),
    [
      `rewrite /etc/systemd/system/${agent} (unit of systemd)`,
      'systemctl daemon-reload  (it reads the units)',
      `systemctl restart --no-block ${agent}  (its unit changed)`,
    ],
  ],
  [
    'a proxy’s unit that somebody changed, while it serves',
    (machine) => setText(machine, `/etc/systemd/system/${proxy}`),
    [
      `rewrite /etc/systemd/system/${proxy} (unit of systemd)`,
      'systemctl daemon-reload  (it reads the units)',
    ],
  ],
  [
    'a unit that is disabled',
    (machine) =>
      void machine.answers.set(
        show,
        shownUnits({ [proxy]: {}, [agent]: { UnitFileState: 'disabled' } }),
      ),
    [`systemctl enable ${agent}  (they come back at boot)`],
  ],
  [
    'a proxy that is down',
    (machine) =>
      void machine.answers.set(
        show,
        shownUnits({ [proxy]: { ActiveState: 'failed' }, [agent]: {} }),
      ),
    [`systemctl start --no-block ${proxy}  (it starts)`],
  ],
];

test.each(wrong)('only what differs is mended: %s', async (_, spoil, expected) => {
  const machine = await installed();
  spoil(machine);
  const { steps } = await plan(machine);
  expect(steps.map(describeStep)).toEqual(expected);
});

test('what a person may change, the agent.yml, is never written again', async () => {
  const machine = await installed();
  setText(machine, '/etc/sallyport/agent.yml');
  expect((await plan(machine)).steps).toEqual([]);
});

test('without systemd the files are laid out, and it says how to start', async () => {
  const machine = emptyHost();
  machine.answers.set(show, { status: 1, stdout: '', stderr: 'no bus' });
  const { steps, notes } = await plan(machine);
  expect(steps.filter(({ kind }) => kind === 'run')).toEqual([]);
  expect(notes[0]).toMatchObject({ hint: expect.stringContaining('sallyport agent run --config') });
});

test('for a user nothing is asked of root, and lingering is asked for', async () => {
  const machine = fakeMachine({ name: 'ada', uid: 1000, gid: 1000, home: '/home/ada' });
  machine.answers.set(
    'systemctl --user show',
    shownUnits({ [proxy]: unknownUnit, [agent]: unknownUnit }),
  );
  const { steps, notes } = await plan(machine, 'user');
  expect(steps.map(({ kind }) => kind)).not.toContain('make-user');
  const commands = steps.flatMap((step) =>
    step.kind === 'run' ? [step.command.slice(0, 2).join(' ')] : [],
  );
  expect(new Set(commands)).toEqual(new Set(['systemctl --user']));
  expect(notes.map(({ hint }) => hint)).toContain('loginctl enable-linger ada');
});

test('the host’s manager is opened to the user only where that is asked for, and said to be much', async () => {
  const machine = await installed();
  const { steps } = await plan(machine, 'system', { inits: ['systemd'] });
  expect(steps.map(describeStep)).toEqual([
    "make the folder /etc/sallyport/units (700, the agent's)",
    `rewrite /etc/systemd/system/${agent} (unit of systemd)`,
    'write /etc/polkit-1/rules.d/50-sallyport.rules (for init: systemd; makes the user as powerful as root)',
    'systemctl daemon-reload  (it reads the units)',
    `systemctl restart --no-block ${agent}  (its unit changed)`,
  ]);
});

test('a manager of the user’s own runs from boot on, and the agent may reach it', async () => {
  const machine = await installed();
  const { steps } = await plan(machine, 'system', { inits: ['systemd-user'] });
  expect(steps.map(describeStep)).toContain(
    'loginctl enable-linger sallyport  (its own manager runs from boot on)',
  );
  const unit = steps.flatMap((step) => (step.kind === 'write-file' ? [step.file.text] : [])).join();
  expect(unit).toContain('\nProtectHome=read-only\n');
});

test('before nginx, the agent gets a folder there, may reload it, and nginx may pass to the sockets', async () => {
  const config = agentConfig({ proxies: { nginx: { folder: '/etc/nginx/sallyport' } } });
  const { steps } = await plan(emptyHost(), 'system', { driver: 'nginx', config });
  const lines = steps.map(describeStep);
  expect(lines).toContain("make the folder /var/lib/sallyport (711, the agent's)");
  expect(lines).toContain("make the folder /etc/nginx/sallyport (755, the agent's)");
  const rule = steps.flatMap((step) =>
    step.kind === 'write-file' && step.file.what === 'reload' ? [step.file.text] : [],
  );
  expect(rule.join()).toContain('action.lookup("unit") === "nginx.service"');
  expect(lines.join('\n')).not.toContain(proxy);
});

test('a state folder that nginx may pass through is left so', async () => {
  const machine = await installed();
  setMode(machine, '/var/lib/sallyport', 0o711);
  expect((await plan(machine)).steps).toEqual([]);
  setMode(machine, '/var/lib/sallyport', 0o751);
  expect((await plan(machine)).steps).toHaveLength(1);
});

test('a step that does not go stops the rest, and says what was said', async () => {
  const machine = emptyHost();
  machine.answers.set('useradd', {
    status: 10,
    stdout: '',
    stderr: 'useradd: cannot lock /etc/passwd',
  });
  await expect(install(machine)).rejects.toMatchObject({
    code: 'install_failed',
    message: expect.stringContaining('cannot lock /etc/passwd'),
  });
  expect(machine.paths.has('/etc/sallyport')).toBe(false);
});

function emptyHost(): FakeMachine {
  const machine = fakeMachine();
  machine.answers.set(show, shownUnits({ [proxy]: unknownUnit, [agent]: unknownUnit }));
  return machine;
}

async function installed(): Promise<FakeMachine> {
  const machine = emptyHost();
  machine.paths.set(token, { kind: 'file', mode: 0o600, uid: 990, gid: 990, text: 'x' });
  await install(machine);
  machine.answers.set(show, running);
  return machine;
}

async function plan(machine: FakeMachine, scope: Scope = 'system', more: Partial<UnitFacts> = {}) {
  const facts = unitFacts(scope, more);
  const place = placeOf(scope, { config: null, home: machine.me.home });
  const texts = { firstConfig: 'name: web-1\n', completion: 'complete' };
  const wanted = wantedOf(place, facts, texts);
  const { state } = facts.config;
  return planInstall(wanted, await look(wanted, machine, state), state, machine.me.uid);
}

async function install(machine: FakeMachine): Promise<void> {
  const { steps } = await plan(machine);
  await carryOut(steps, { machine, user: 'sallyport', isOwn: false, on: () => undefined });
}

function setMode(machine: FakeMachine, path: string, mode: number): void {
  machine.paths.set(path, { ...machine.paths.get(path)!, mode });
}

function setText(machine: FakeMachine, path: string): void {
  machine.paths.set(path, { ...machine.paths.get(path)!, text: 'by hand' });
}
