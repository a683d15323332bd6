import { readdirSync, readFileSync, readlinkSync } from 'node:fs';

export interface Found {
  readonly pid: number;
  readonly command: string;
  /** The slot that it is the program of: `production.web.blue`. */
  readonly unit: string | null;
}

/** The processes of this machine whose working directory is in a folder: what a host's agent started. */
export function processesIn(folder: string): readonly Found[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  return pids.flatMap((pid) => {
    try {
      const cwd = readlinkSync(`/proc/${pid}/cwd`);
      if (!cwd.startsWith(`${folder}/`)) return [];
      const command = readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ').trim();
      const env = readFileSync(`/proc/${pid}/environ`, 'utf8');
      const unit = /(?:^|\0)SALLYPORT_UNIT=([^:\0]+):/.exec(env)?.[1] ?? null;
      // A zombie has no words.
      return command === '' ? [] : [{ pid: Number(pid), command, unit }];
    } catch {
      return [];
    }
  });
}
