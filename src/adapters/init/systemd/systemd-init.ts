import { access } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { SallyportError } from '../../../model/errors.ts';
import type { Init, InitProblem, ServiceSpec, ServiceStatus } from '../../../ports/init.ts';
import { checkHost } from './check-host.ts';
import { journalCommand, managerCommands, type Command } from './commands.ts';
import { environmentFile } from './environment-file.ts';
import type { Executed } from './execute.ts';
import { findProgram } from './find-program.ts';
import { identifierOf, unitNameOf } from './unit-name.ts';
import { UnitFiles } from './unit-files.ts';
import { unitFile } from './unit-file.ts';
import type { SystemdSettings } from './settings.ts';
import { parseUnitState, type UnitState } from './unit-state.ts';

/** An older program of the same name has this long to end before a new one is started. */
const replaceGraceMs = 5_000;
/** How long SIGKILL may take; longer means that the kernel cannot end it (a disk that hangs). */
const killMs = 10_000;
/** How long it may take until a program that says itself when it is ready was spawned. */
const spawnMs = 10_000;
const pollMs = 25;

/**
 * Programs as units of systemd, one each, which it starts again when they fail and after a boot,
 * until they are stopped. It needs no privilege with a user's manager (`scope: 'user'`).
 */
export class SystemdInit implements Init {
  readonly #settings: SystemdSettings;
  readonly #commands: ReturnType<typeof managerCommands>;
  readonly #files: UnitFiles;

  constructor(settings: SystemdSettings) {
    this.#settings = settings;
    this.#commands = managerCommands(settings.scope);
    this.#files = new UnitFiles(settings.folder);
  }

  async start(spec: ServiceSpec): Promise<void> {
    const { name } = spec;
    const unit = unitNameOf(name);
    const before = await this.#look(unit);
    if (!before.isAtRest) await this.#end(unit, replaceGraceMs);
    const text = await this.#unitOf(spec);
    await this.#files.writeEnvironment(name, environmentFile(spec.env));
    const isNew = await this.#files.writeUnit(name, text);
    // An agent that was killed may have written it, and not told the manager.
    if (isNew || !before.isEnabled || before.isOutdated)
      await this.#must(this.#commands.enable(this.#files.unitPath(name)));
    // Its failures are over: without this, five starts within a minute would be one too many.
    if (before.isLoaded) await this.#execute(this.#commands.resetFailed(unit));
    // Neither for its word that it is ready nor for its socket: the probes wait for both.
    const waits = spec.supervision?.notify !== true && spec.socket === undefined;
    const { code, stderr } = await this.#execute(this.#commands.start(unit, waits));
    const isSpawned = code === 0 && (waits || (await this.#awaitSpawned(spec)));
    if (!isSpawned) await this.#giveUp(spec, stderr);
  }

  async stop(name: string, graceMs: number): Promise<void> {
    const unit = unitNameOf(name);
    const before = await this.#look(unit);
    if (!before.isAtRest) await this.#end(unit, graceMs);
    if (before.isLinked) await this.#must(this.#commands.disable(unit));
    await this.#files.clearEnvironment(name);
  }

  async signal(name: string, signalName: NodeJS.Signals): Promise<void> {
    const unit = unitNameOf(name);
    const { running } = await this.status(name);
    const sent =
      running && (await this.#execute(this.#commands.kill(unit, 'main', signalName))).code === 0;
    if (sent) return;
    throw new SallyportError({
      code: 'not_running',
      message: `${name} is not running, so it gets no ${signalName}`,
      hint: 'deploy the service first',
    });
  }

  async status(name: string): Promise<ServiceStatus> {
    return (await this.#look(unitNameOf(name))).status;
  }

  async lines(name: string, _log: string, count: number): Promise<readonly string[]> {
    const { owner } = this.#settings;
    const since = await this.#files.startedAt(name);
    const command = journalCommand(identifierOf(name), owner.uid, count, since);
    const { code, stdout } = await this.#execute(command);
    return code === 0 && stdout !== '' ? stdout.split('\n').slice(0, count).toReversed() : [];
  }

  async check(): Promise<readonly InitProblem[]> {
    return await checkHost(this.#settings);
  }

  async #unitOf(spec: ServiceSpec): Promise<string> {
    const { scope, owner } = this.#settings;
    const program = await findProgram(spec);
    if (program === null) {
      throw new SallyportError({
        code: 'start_failed',
        message: `cannot start ${spec.command[0]} in ${spec.directory}: there is no such program`,
        hint: 'check `run` of the target: the program must be in the release or on the PATH of the agent',
      });
    }
    if (spec.supervision?.sandbox) await assertFolders(spec.supervision.writable);
    const { stdout } = await this.#execute(this.#commands.environment());
    return unitFile({
      spec,
      scope,
      program,
      environment: this.#files.environmentPath(spec.name),
      user: owner.uid === 0 ? null : owner.name,
      inherited: [...stdout.matchAll(/^([A-Za-z_]\w*)=/gm)].map(([, name = '']) => name),
      mapsUser: owner.mapsUser,
    });
  }

  /** SIGTERM to everything in the unit, SIGKILL after the grace; systemd itself would wait longer. */
  async #end(unit: string, graceMs: number): Promise<void> {
    const stopping = this.#execute(this.#commands.stop(unit));
    if (!(await isSettled(stopping, graceMs))) {
      await this.#execute(this.#commands.kill(unit, 'all', 'SIGKILL'));
      await isSettled(stopping, killMs);
    }
    if ((await this.#look(unit)).isAtRest) return;
    throw new SallyportError({
      code: 'stop_failed',
      message: `${unit} did not end, not even on SIGKILL`,
      hint: `look at it with \`systemctl ${this.#settings.scope === 'user' ? '--user ' : ''}status ${unit}\``,
    });
  }

  async #awaitSpawned({ name, supervision }: ServiceSpec): Promise<boolean> {
    for (let waited = 0; waited < spawnMs; waited += pollMs) {
      const { status, hasFailed, isStarting } = await this.#look(unitNameOf(name));
      const isSpawned = status.running && (supervision?.notify === true || !isStarting);
      if (isSpawned || hasFailed) return isSpawned;
      await sleep(pollMs);
    }
    return false;
  }

  /** Nothing is left half started: it would come back at the next boot. */
  async #giveUp(spec: ServiceSpec, said: string): Promise<never> {
    const { result } = await this.#look(unitNameOf(spec.name));
    await this.stop(spec.name, 0);
    throw new SallyportError({
      code: 'start_failed',
      message: `systemd cannot start ${spec.command[0]} in ${spec.directory}: ${result}`,
      hint: `journalctl --identifier=${identifierOf(spec.name)} has more`,
      cause: said,
    });
  }

  async #look(unit: string): Promise<UnitState> {
    return parseUnitState((await this.#must(this.#commands.show(unit))).stdout);
  }

  /** What must succeed: where the manager does not answer, nobody knows what runs. */
  async #must(command: Command): Promise<Executed> {
    const executed = await this.#execute(command);
    if (executed.code === 0) return executed;
    throw new SallyportError({
      code: 'init_failed',
      message: `\`${command.join(' ')}\` failed: ${executed.stderr.trim()}`,
      hint: (await this.check())[0]?.hint,
      next: 'retry',
    });
  }

  #execute(command: Command): Promise<Executed> {
    return this.#settings.execute(command);
  }
}

async function isSettled(work: Promise<unknown>, withinMs: number): Promise<boolean> {
  const enough = new AbortController();
  const late = sleep(withinMs, false, { signal: enough.signal }).catch(() => false);
  const settled = await Promise.race([work.then(() => true), late]);
  enough.abort();
  return settled;
}

/** systemd would fail with a number only. */
async function assertFolders(paths: readonly string[]): Promise<void> {
  for (const path of paths) {
    await access(path).catch((cause: unknown) => {
      throw new SallyportError({
        code: 'start_failed',
        message: `the folder ${path} of \`writable\` is not there`,
        hint: `mkdir -p ${path}`,
        cause,
      });
    });
  }
}
