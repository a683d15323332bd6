/** Whether a text may name a branch, a tag or a commit: Git's own rules, and nothing that looks like an option. */
export function isKnownRef(text: string): boolean {
  return (
    /^[\w@][\w./@+-]*$/u.test(text) &&
    !/\.\.|\/\/|@\{|\.lock(?:\/|$)|\/\.|[./]$/.test(text) &&
    text !== '@'
  );
}
