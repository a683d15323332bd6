/** A fresh token for the repository's server; `null` where it needs none. */
export type Credentials = () => Promise<string | null>;
