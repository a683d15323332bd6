import type { Remote } from '../remote-url.ts';

/** The command that asks an SSH server for its keys. */
export function keyscan({ url }: Remote, knownHosts: string): string {
  const { host, port } = serverOf(url);
  return `ssh-keyscan ${port === '' ? '' : `-p ${port} `}${host} | tee -a ${knownHosts} | ssh-keygen -lf -`;
}

/** The command that forgets an SSH server's old keys. */
export function forget({ url }: Remote, knownHosts: string): string {
  const { host, port } = serverOf(url);
  return `ssh-keygen -f ${knownHosts} -R ${port === '' ? host : `'[${host}]:${port}'`}`;
}

function serverOf(url: string): { readonly host: string; readonly port: string } {
  if (!url.includes('://')) {
    return { host: url.slice(url.indexOf('@') + 1).split(':')[0]!, port: '' };
  }
  const { hostname, port } = new URL(url);
  return { host: hostname.replaceAll(/[[\]]/g, ''), port };
}
