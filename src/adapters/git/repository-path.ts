import { unsafePath } from './git-errors.ts';

/** A path inside a repository without `./` and double slashes; '' is its root. Refuses what leads out of it. */
export function repositoryPath(path: string): string {
  const parts = path.split('/').filter((part) => part !== '' && part !== '.');
  if (path.startsWith('/') || path.includes('\0') || parts.includes('..')) {
    throw unsafePath(path, 'leads out of the repository');
  }
  return parts.join('/');
}
