/** What a repository may cost this host. Sizes in bytes, times in ms. */
export const gitLimits = {
  fetchMs: 15 * 60_000,
  readMs: 60_000,
  /** One file that is laid out. */
  fileBytes: 1024 ** 3,
  /** A tree that is laid out, as a whole. */
  treeBytes: 8 * 1024 ** 3,
  treeEntries: 500_000,
  /** Names of a tree, or refs of a repository, as git prints them. */
  listBytes: 256 * 1024 ** 2,
  linkBytes: 4096,
} as const;
