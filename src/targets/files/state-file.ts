import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { Digest } from '../../model/digest.ts';
