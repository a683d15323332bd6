import { execFile } from 'node:child_process';

const timeoutMs = 30_000;
const maxLines = 6;

/** `null` where the command succeeded, else its own words. */
export async function runCommand(command: readonly [string, ...string[]]): Promise<string | null> {
  const [program, ...args] = command;
  return await new Promise((resolve) => {
    execFile(program, args, { timeout: timeoutMs }, (error, stdout, stderr) => {
      if (!error) return resolve(null);
      const said = `${stdout}\n${stderr}`.split('\n').map((line) => line.trim());
      const words = said.filter((line) => line !== '').slice(-maxLines);
      resolve(words.length > 0 ? words.join('; ') : error.message);
    });
  });
}
