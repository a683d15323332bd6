/** A fresh token for the repository's server; `null` where it needs none. */
export type Credentials = () => Promise<string | null>;

/** How an SSH server lets this host in; absent parts are as the user's own ssh has them. */
export interface SshCredentials {
  /** A private key; no other is offered then, and no agent is asked. */
  readonly key?: string | undefined;
  /** The keys of the servers; no other file is believed then. */
  readonly knownHosts?: string | undefined;
}

/** For HTTP, the user beside the token: the one in the address, as its provider asks; GitHub's word for a token otherwise. */
export function tokenUser(url: string): string {
  return decodeURIComponent(new URL(url).username) || 'x-access-token';
}
