import type { IncomingMessage, ServerResponse } from 'node:http';
import type { World } from './world.ts';

/** A web page beside the API: gets each request that is neither the API's nor Git's. */
export interface Page {
  /** Answers true when it has taken the request. */
  serve(request: IncomingMessage, response: ServerResponse, world: World): Promise<boolean>;
}
