import { spawn } from 'node:child_process';

export interface ServiceManager {
  /** From now on it does its work. `isWell` is asked as often as systemd wants to hear that it is, with the ms since the last time. */
  ready(isWell?: (passedMs: number) => boolean): void;
  /** It ends on purpose. */
  stopping(): void;
}

/** Runs `systemd-notify` with these words; nobody waits for it. */
type Notify = (words: readonly string[], socket: string) => void;

/**
 * Tells systemd how this process is, where it was started by it (`Type=notify`), and that it lives, as
 * often as it asks for. What systemd left in the environment for that is taken out of it: a program that
 * the agent starts must never speak for the agent.
 */
export function tellSystemd(
  env: Record<string, string | undefined>,
  notify: Notify = runNotify,
): ServiceManager {
  const { NOTIFY_SOCKET: socket, WATCHDOG_USEC: watchdog, WATCHDOG_PID: pid } = env;
  for (const name of ['NOTIFY_SOCKET', 'WATCHDOG_USEC', 'WATCHDOG_PID']) delete env[name];
  if (!socket) return { ready: () => undefined, stopping: () => undefined };
  const say = (...words: readonly string[]): void => notify(words, socket);
  let living: NodeJS.Timeout | null = null;
  return {
    ready(isWell = () => true) {
      say('READY=1');
      const isOurs = pid === undefined || pid === String(process.pid);
      // A third of its time: one message that is lost does no harm.
      const paceMs = Number(watchdog) / 1000 / 3;
      if (!isOurs || !(paceMs > 0)) return;
      living = setInterval(() => isWell(paceMs) && say('WATCHDOG=1'), paceMs).unref();
    },
    stopping() {
      if (living) clearInterval(living);
      say('STOPPING=1');
    },
  };
}

/**
 * Node has no datagrams over Unix sockets. Never with `--no-block`: an agent without capabilities cannot have it
 * speak in its name, and systemd ignores the word of a process that is gone when it reads it. The program ends
 * once systemd has read it, or after five seconds.
 */
function runNotify(words: readonly string[], socket: string): void {
  const env = { PATH: process.env['PATH'], NOTIFY_SOCKET: socket };
  const child = spawn('systemd-notify', [...words], { stdio: 'ignore', env });
  child.on('error', () => undefined);
  child.unref();
}
