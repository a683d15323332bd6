const needed = [22, 20] as const;

/** What to say of a Node that is too old to run this program; `null` for one that is not. */
export function complaintOfNode(version: string): string | null {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const isEnough = major > needed[0] || (major === needed[0] && minor >= needed[1]);
  if (isEnough) return null;
  return [
    `error: Node ${version} is too old; sallyport needs ${needed.join('.')} or newer.`,
    'next:  https://nodejs.org/en/download, or start it with another: /path/to/node sallyport …',
  ].join('\n');
}
