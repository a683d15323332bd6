import { once } from 'node:events';
import { connect } from 'node:net';
import { userInfo } from 'node:os';
import { SallyportError } from '../../../model/errors.ts';

const patienceMs = 2_000;

/**
 * Has HAProxy do commands of its runtime API, in order and in one go, and gives what it says of them
 * all. Rejects with `proxy_not_answering`, or with `proxy_refused` where it does not let the agent in.
 */
export async function askHaproxy(socket: string, commands: readonly string[]): Promise<string> {
  const client = connect(socket);
  client.setTimeout(patienceMs, () => client.destroy(new Error('no answer within 2 s')));
  try {
    await once(client, 'connect');
    client.write(`${commands.join('; ')}\n`);
    let text = '';
    for await (const piece of client.setEncoding('utf8')) text += String(piece);
    return allowed(socket, text);
  } catch (error) {
    if (error instanceof SallyportError) throw error;
    throw notAnswering(socket, error as NodeJS.ErrnoException);
  } finally {
    client.destroy();
  }
}

/** What a host must have, so that the agent may speak to its HAProxy. */
export function socketLine(socket: string): string {
  return `put this into \`global\` of /etc/haproxy/haproxy.cfg, then sudo systemctl restart haproxy: stats socket ${socket} mode 660 level admin`;
}

function allowed(socket: string, text: string): string {
  if (!text.startsWith('Permission denied')) return text;
  throw new SallyportError({
    code: 'proxy_refused',
    message: `${socket} does not let the agent change anything`,
    hint: socketLine(socket),
  });
}

function notAnswering(socket: string, error: NodeJS.ErrnoException): SallyportError {
  const message = `HAProxy does not answer on ${socket}: ${error.message}`;
  if (error.code === 'EACCES' || error.code === 'EPERM') {
    const hint = `sudo usermod -aG haproxy ${userInfo().username}; sudo sallyport agent restart`;
    return new SallyportError({ code: 'proxy_refused', message, hint, cause: error });
  }
  return new SallyportError({
    code: 'proxy_not_answering',
    message,
    hint: 'systemctl start haproxy; journalctl -u haproxy -n 20',
    next: 'retry',
    cause: error,
  });
}
