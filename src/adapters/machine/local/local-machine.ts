import { constants, type Stats, type StatsFs } from 'node:fs';
import { lstat, mkdir, open, readdir, rename, rm, statfs } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { dirname, join } from 'node:path';
import { syncFolder } from '../../../disk/sync-folder.ts';
import { SallyportError } from '../../../model/errors.ts';
import type { Machine, Owner, PathFacts } from '../../../ports/machine.ts';
import { runCommand, showCommand } from './run-command.ts';
import { findUser } from './find-user.ts';

const maxReadBytes = 1024 * 1024;

/** This machine; with `root`, paths are below that folder: a machine that is being made, or a test's. */
export function localMachine(root = '/'): Machine {
  const at = (path: string): string => join(root, path);
  const { username: name, uid, gid, homedir: home } = userInfo();
  return {
    me: { name, uid, gid, home: process.env['HOME'] ?? home },
    findUser: (asked) => findUser(asked),
    facts: (path) =>
      said(path, async () => {
        const facts = await lstat(at(path)).catch(absent);
        if (!facts) return null;
        return { kind: kindOf(facts), mode: facts.mode & 0o777, uid: facts.uid, gid: facts.gid };
      }),
    names: (folder) =>
      said(folder, async () => (await readdir(at(folder)).catch(absent))?.toSorted() ?? null),
    read: (path) => readText(at(path)).catch(() => null),
    write: (path, text, mode, owner) => said(path, () => writeWhole(at(path), text, mode, owner)),
    makeFolder: (path, mode, owner) =>
      said(path, async () => {
        await mkdir(at(path), { recursive: true, mode: 0o755 });
        await protect(at(path), mode, owner);
      }),
    protect: (path, mode, owner) => said(path, () => protect(at(path), mode, owner)),
    remove: (path) => said(path, () => rm(at(path), { recursive: true, force: true })),
    space: async (path) => {
      const { bavail, bsize, blocks, ffree, files } = await said(path, () => spaceAt(at(path)));
      return {
        freeBytes: bavail * bsize,
        totalBytes: blocks * bsize,
        freeInodes: ffree,
        totalInodes: files,
      };
    },
    run: runCommand,
    show: showCommand,
  };
}

/** A file that somebody may be reading is replaced, never written over. */
async function writeWhole(path: string, text: string, mode: number, owner: Owner): Promise<void> {
  const fresh = `${path}.new`;
  await rm(fresh, { force: true });
  const file = await open(fresh, 'wx', mode);
  try {
    await file.chmod(mode);
    if (owner) await file.chown(owner.uid, owner.gid);
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
  await rename(fresh, path);
  await syncFolder(dirname(path));
}

/** Never what a symbolic link leads to: the folder above may be another user's. */
async function protect(path: string, mode: number, owner: Owner): Promise<void> {
  const file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW);
  try {
    if (owner) await file.chown(owner.uid, owner.gid);
    await file.chmod(mode);
  } finally {
    await file.close();
  }
}

async function readText(path: string): Promise<string> {
  const file = await open(path, 'r');
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(maxReadBytes), 0, maxReadBytes, 0);
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await file.close();
  }
}

async function spaceAt(path: string): Promise<StatsFs> {
  const found = await statfs(path).catch(absent);
  return found ?? (await spaceAt(dirname(path)));
}

function kindOf(facts: Stats): PathFacts['kind'] {
  if (facts.isFile()) return 'file';
  if (facts.isDirectory()) return 'folder';
  return facts.isSocket() ? 'socket' : 'other';
}

function absent(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return null;
  throw error;
}

/** Errors of the file system as people need them. */
async function said<Result>(path: string, act: () => Promise<Result>): Promise<Result> {
  try {
    return await act();
  } catch (cause) {
    const { code = String(cause) } = cause as NodeJS.ErrnoException;
    const isDenied = code === 'EACCES' || code === 'EPERM';
    throw new SallyportError({
      code: 'machine_refused',
      message: `${path} cannot be used: ${code}.`,
      hint: isDenied ? 'Run it as root, with sudo.' : `ls -ld ${dirname(path)}`,
      cause,
    });
  }
}
