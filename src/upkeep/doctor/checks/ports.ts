import type { Machine } from '../../../ports/machine.ts';
import { fail, ok, warn, type Finding } from '../finding.ts';
import type { DoctorWorld } from '../world.ts';

/** The ports of slots are held by the programs in them, or by nobody. */
export async function checkPorts({ machine, services }: DoctorWorld): Promise<readonly Finding[]> {
  const slots = services.flatMap(({ slots: each }) => each);
  const ports = new Map<number, string>();
  const findings: Finding[] = [];
  for (const { name, port } of slots) {
    if (port === null) continue;
    const other = ports.get(port);
    if (other !== undefined) {
      findings.push(
        fail(
          `${other} and ${name} have the same port ${port}.`,
          'Change `ports` of one of them in sallyport.yml.',
        ),
      );
    }
    ports.set(port, name);
  }
  if (ports.size === 0) return [];
  const shown = await machine.run(['ss', '-Hltnp'], 5_000);
  if (shown.status !== 0) {
    return [
      ...findings,
      warn('Who listens on which port cannot be told without ss.', 'apt-get install iproute2'),
    ];
  }
  for (const { port, program, pid } of readListeners(shown.stdout)) {
    const slot = ports.get(port);
    if (slot === undefined || (await isSlotProgram(pid, port, machine)) !== false) continue;
    findings.push(
      fail(
        `Port ${port} of ${slot} is taken by ${program} (process ${pid}).`,
        `End it, or choose other ports: ps -fp ${pid}`,
      ),
    );
  }
  return findings.length > 0
    ? findings
    : [ok(`the ports of slots are their own (${[...ports.keys()].join(', ')})`)];
}

interface Listener {
  readonly port: number;
  readonly program: string;
  readonly pid: number;
}

/** What `ss -Hltnp` printed, as far as it says whose a port is. */
function readListeners(printed: string): readonly Listener[] {
  return printed.split('\n').flatMap((line) => {
    const [, , , local = ''] = line.trim().split(/\s+/);
    const port = Number(local.slice(local.lastIndexOf(':') + 1));
    const [, program, pid] = /users:\(\("((?:[^"\\]|\\.)*)",pid=(\d+)/.exec(line) ?? [];
    return program === undefined ? [] : [{ port, program, pid: Number(pid) }];
  });
}

/** A slot's program, and what it starts, has these in its environment; `null` where it may not be read. */
async function isSlotProgram(pid: number, port: number, machine: Machine): Promise<boolean | null> {
  const text = await machine.read(`/proc/${pid}/environ`);
  if (text === null || text === '') return null;
  const variables = text.split('\0');
  return (
    variables.includes(`PORT=${port}`) && variables.some((one) => one.startsWith('SALLYPORT_SLOT='))
  );
}
