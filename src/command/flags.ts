/** Every flag that there is; which command takes which, its row in the table says. */
export const flagTable = {
  reason: { takes: 'a text' },
  for: { takes: 'a time' },
  only: { takes: 'the name of a target' },
  sha: { takes: 'a commit' },
  force: { takes: null },
  stage: { takes: null },
  'plan-only': { takes: null },
  'force-quarantined': { takes: null },
  'accept-gap': { takes: null },
  'until-merge': { takes: null },
  sticky: { takes: null },
  info: { takes: null },
} as const satisfies Readonly<Record<string, { readonly takes: string | null }>>;

export type FlagName = keyof typeof flagTable;

/** What stands behind the flag; `null` where nothing does. */
export function valueOf(name: FlagName): string | null {
  return flagTable[name].takes;
}
