import type { Parts } from '../cli/parts.ts';

/** What verbs may ask for, each built by a lazy import when it is first asked for. */
export const parts: Parts = {
  app: async () => (await import('./app-parts.ts')).buildAppParts(),
  openStore: async () => (await import('../adapters/store/open-store.ts')).openStore,
  agent: async () => (await import('./agent-part.ts')).agentPart,
  checkHistory: async () =>
    (await import('../adapters/journal/file/check-history.ts')).checkHistory,
  upkeep: async () => (await import('./upkeep-part.ts')).buildUpkeepParts(),
  rehearsal: async () => (await import('./rehearsal/rehearsal.ts')).openRehearsal,
};
