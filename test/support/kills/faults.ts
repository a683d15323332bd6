/**
 * Loaded before a program (`node --import`), it lies between it and its files: at the moment that
 * a plan names, a change is torn, lost or done and the process dies, or there is no room for it.
 */
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
import { type FaultPlan, planVariable } from './fault-plan.ts';

type Act = (...args: unknown[]) => unknown;

const { readFileSync, openSync, writeSync, closeSync } = fs;
const planPath = process.env[planVariable] ?? '';
// What the program starts has files of its own.
delete process.env['NODE_OPTIONS'];
delete process.env[planVariable];

let [id, count, isFull] = ['', 0, false];

/** Calls that need room on the disk, and what of them is written where they are torn: the argument. */
const promised: Readonly<Record<string, { readonly room: boolean; readonly data?: number }>> = {
  writeFile: { room: true, data: 1 },
  appendFile: { room: true, data: 1 },
  rename: { room: true },
  link: { room: true },
  symlink: { room: true },
  mkdir: { room: true },
  copyFile: { room: true },
  unlink: { room: false },
  rm: { room: false },
};
const ofHandles: typeof promised = {
  write: { room: true, data: 0 },
  writeFile: { room: true, data: 0 },
  appendFile: { room: true, data: 0 },
  sync: { room: false },
  truncate: { room: false },
};

const handle = await fs.promises.open('/dev/null');
const handles = Object.getPrototypeOf(handle) as Record<string, Act>;
await handle.close();
for (const [name, { room, data }] of Object.entries(ofHandles)) {
  handles[name] = around(name, handles[name]!, room, data);
}
const files = fs.promises as unknown as Record<string, Act>;
const filesSync = fs as unknown as Record<string, Act>;
for (const [name, { room, data }] of Object.entries(promised)) {
  files[name] = around(name, files[name]!, room, data);
  const sync = `${name}Sync`;
  filesSync[sync] = aroundSync(sync, filesSync[sync]!, room, data);
}
const onDescriptors: typeof promised = {
  writeSync: { room: true, data: 1 },
  fsyncSync: { room: false },
};
for (const [name, { room, data }] of Object.entries(onDescriptors)) {
  const act = filesSync[name]!;
  const faulty = aroundSync(name, act, room, data);
  // What it says on its terminal is no file.
  filesSync[name] = (...args) => (Number(args[0]) > 2 ? faulty : act)(...args);
}
syncBuiltinESMExports();

function around(name: string, act: Act, room: boolean, data?: number): Act {
  return async function (this: unknown, ...args) {
    const plan = reached(name, args, room);
    if (plan?.kind === 'full' || plan?.kind === 'full-once') throw noRoom(name);
    if (plan?.kind === 'torn' && data !== undefined) {
      await act.apply(this, half(args, data, name === 'write'));
    }
    if (plan?.kind === 'done') await act.apply(this, args);
    if (plan !== null) die();
    return await act.apply(this, args);
  };
}

function aroundSync(name: string, act: Act, room: boolean, data?: number): Act {
  return function (this: unknown, ...args) {
    const plan = reached(name, args, room);
    if (plan?.kind === 'full' || plan?.kind === 'full-once') throw noRoom(name);
    if (plan?.kind === 'torn' && data !== undefined) act.apply(this, half(args, data, false));
    if (plan?.kind === 'done') act.apply(this, args);
    if (plan !== null) die();
    return act.apply(this, args);
  };
}

/** The plan, where this is its moment. */
function reached(name: string, args: readonly unknown[], room: boolean): FaultPlan | null {
  const plan = readPlan();
  if (plan === null) return null;
  if (plan.id !== id) [id, count, isFull] = [plan.id, 0, false];
  const isAboutRoom = plan.kind === 'full' || plan.kind === 'full-once';
  if (isAboutRoom && !room) return null;
  if (isFull) return plan;
  count += 1;
  if (count !== plan.at) return null;
  isFull = plan.kind === 'full';
  const paths = args.filter((arg) => typeof arg === 'string' && arg.startsWith('/'));
  const file = openSync(`${planPath}.hits`, 'a');
  writeSync(file, `${plan.kind} ${name} ${paths.join(' ')}\n`);
  closeSync(file);
  return plan;
}

function readPlan(): FaultPlan | null {
  try {
    return JSON.parse(readFileSync(planPath, 'utf8')) as FaultPlan;
  } catch {
    return null;
  }
}

/** `write` of a handle takes a buffer, an offset and a length; the others take all that there is. */
function half(args: readonly unknown[], data: number, isRaw: boolean): unknown[] {
  const given = args[data];
  const length = typeof given === 'string' || given instanceof Uint8Array ? given.length : 0;
  const torn = [...args];
  torn[data] =
    typeof given === 'string'
      ? given.slice(0, length >> 1)
      : given instanceof Uint8Array
        ? given.subarray(0, length >> 1)
        : given;
  if (isRaw && torn.length > 2) torn[2] = Math.min(Number(torn[2]), length >> 1);
  return torn;
}

function noRoom(call: string): Error {
  return Object.assign(new Error(`ENOSPC: no space left on device, ${call}`), {
    code: 'ENOSPC',
    errno: -28,
    syscall: call,
  });
}

function die(): void {
  process.kill(process.pid, 'SIGKILL');
  // Nothing more is done by the time that the signal comes.
  for (;;) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1000);
}
