/** `npm run build`: writes `dist/`; says nothing when all is well. */
import { build } from 'rolldown';
import config from '../rolldown.config.ts';

await build(config);
