import { hostKeyPath } from '../agent/host-key.ts';
import { SallyportError } from '../model/errors.ts';
import { generateSigningKey, signingKeyToPem } from '../model/keys.ts';
import type { Machine, Owner } from '../ports/machine.ts';
import { describeStep, type InstallStep } from './install-steps.ts';
import type { Whose } from './wanted.ts';

export interface CarryOut {
  readonly machine: Machine;
  readonly user: string;
  /** The user's own installation: everything is theirs. */
  readonly isOwn: boolean;
  /** Told before each step. */
  readonly on: (step: InstallStep) => void;
}

/** Does what a plan says, in order. Rejects with `install_failed` at the first step that does not go. */
export async function carryOut(steps: readonly InstallStep[], world: CarryOut): Promise<void> {
  for (const step of steps) {
    world.on(step);
    await doStep(step, world);
  }
}

async function doStep(step: InstallStep, world: CarryOut): Promise<void> {
  const { machine } = world;
  switch (step.kind) {
    case 'make-user':
      return await mustRun(step, userAdd(step.name, step.home), machine);
    case 'make-folder': {
      const { path, mode, whose } = step.folder;
      return await machine.makeFolder(path, mode, await ownerOf(whose, world));
    }
    case 'write-file': {
      const { path, text, mode, whose } = step.file;
      const folder = path.slice(0, path.lastIndexOf('/'));
      if (!(await machine.facts(folder))) await machine.makeFolder(folder, 0o755, null);
      return await machine.write(path, text, mode, await ownerOf(whose, world));
    }
    case 'protect-file': {
      const { path, mode, whose } = step.file;
      return await machine.protect(path, mode, await ownerOf(whose, world));
    }
    case 'make-key':
      return await makeKey(step.state, world);
    case 'run':
      return await mustRun(step, step.command, machine);
  }
}

/** A user that nobody can log in as. */
function userAdd(name: string, home: string): readonly [string, ...string[]] {
  const words = ['--system', '--user-group', '--no-create-home', '--home-dir', home];
  return ['useradd', ...words, '--shell', '/usr/sbin/nologin', name];
}

async function makeKey(state: string, world: CarryOut): Promise<void> {
  const text = signingKeyToPem(generateSigningKey());
  await world.machine.write(hostKeyPath(state), text, 0o600, await ownerOf('agent', world));
}

async function ownerOf(whose: Whose, { machine, user, isOwn }: CarryOut): Promise<Owner> {
  if (isOwn || whose === 'installer') return null;
  const found = await machine.findUser(user);
  if (found) return found;
  throw new SallyportError({
    code: 'install_failed',
    message: `There is no user ${user}.`,
    hint: `getent passwd ${user}`,
  });
}

async function mustRun(
  step: InstallStep,
  command: readonly [string, ...string[]],
  machine: Machine,
): Promise<void> {
  const { status, stderr, stdout } = await machine.run(command);
  if (status === 0) return;
  const said = (stderr.trim() || stdout.trim()).split('\n').at(-1) ?? '';
  throw new SallyportError({
    code: 'install_failed',
    message: `${describeStep(step)}: ${status}${said === '' ? '' : `, ${said}`}`,
    hint: 'What was done before it stays; mend it, then run `sallyport agent install` again.',
  });
}
