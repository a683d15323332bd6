import type { Route } from '../http/router.ts';

/** Every route that the stand-in knows, by resource. */
export const routes: readonly Route[] = [];
