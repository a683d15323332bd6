import { SallyportError } from '../../model/errors.ts';

/** A repository's address, checked: only transports that run no program that the address names. */
export interface Remote {
  readonly url: string;
  readonly transport: 'https' | 'http' | 'ssh' | 'file';
  /** For people and logs: without user and password. */
  readonly shown: string;
}

const scpLike = /^(?:[A-Za-z0-9._-]+@)?[A-Za-z0-9][A-Za-z0-9.-]*:(?!\/\/|:)[^\s-][^\s]*$/;
const loopback = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/** Reads an address; plain http counts only on this machine. Throws `git_url_invalid`. */
export function parseRemote(url: string): Remote {
  if (url.startsWith('/')) return { url, transport: 'file', shown: url };
  if (URL.canParse(url) && url.includes('://')) return fromUrl(url, new URL(url));
  if (scpLike.test(url)) return { url, transport: 'ssh', shown: url };
  throw invalid(url.slice(0, 200), 'is no address of a Git repository');
}

function fromUrl(url: string, parsed: URL): Remote {
  const shown = withoutUser(parsed);
  switch (parsed.protocol) {
    case 'https:':
      return { url, transport: 'https', shown };
    case 'http:':
      if (!loopback.test(parsed.hostname)) throw invalid(shown, 'is not encrypted');
      return { url, transport: 'http', shown };
    case 'ssh:':
      return { url, transport: 'ssh', shown };
    case 'file:':
      return { url, transport: 'file', shown };
    default:
      throw invalid(shown, `uses ${parsed.protocol}//`);
  }
}

function withoutUser(parsed: URL): string {
  const copy = new URL(parsed);
  copy.username = '';
  copy.password = '';
  return copy.href;
}

function invalid(shown: string, why: string): SallyportError {
  return new SallyportError({
    code: 'git_url_invalid',
    message: `${shown} ${why}`,
    hint: 'use https://, ssh:// (or user@host:path), or a path on this machine',
  });
}
