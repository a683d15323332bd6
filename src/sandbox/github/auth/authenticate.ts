import { createPublicKey } from 'node:crypto';
import { decodeJwt, jwtVerify } from 'jose';
import { ApiError } from '../http/errors.ts';
import type { App } from '../state/types.ts';
import type { World } from '../world.ts';
import type { Actor } from './actor.ts';

const longestJwtSeconds = 600;

/** Who an Authorization header is; throws 401 for one that proves nothing. */
export async function authenticate(world: World, header: string | undefined): Promise<Actor> {
  if (header === undefined || header === '') return { kind: 'anonymous' };
  const secret = secretOf(header);
  if (secret.split('.').length === 3) return { kind: 'app', app: await appOfJwt(world, secret) };
  const token = world.state.tokens.get(secret);
  if (!token) throw new ApiError(401, 'Bad credentials');
  if (token.expiresAt !== null && token.expiresAt <= world.now()) {
    throw new ApiError(401, 'Bad credentials');
  }
  return { kind: 'token', token };
}

/** The token of `Bearer X`, `token X`, or the password of Basic, as Git sends it. */
function secretOf(header: string): string {
  const [scheme = '', value = ''] = header.split(' ');
  if (scheme.toLowerCase() !== 'basic') return value;
  const decoded = Buffer.from(value, 'base64').toString('utf8');
  return decoded.slice(decoded.indexOf(':') + 1);
}

async function appOfJwt(world: World, jwt: string): Promise<App> {
  const app = world.state.apps.find((one) => String(one.id) === issuerOf(jwt));
  if (!app) throw new ApiError(401, 'Integration not found');
  const key = createPublicKey(app.publicKeyPem);
  const currentDate = new Date(world.now());
  const verified = await jwtVerify(jwt, key, { algorithms: ['RS256'], currentDate }).catch(() => {
    throw new ApiError(401, 'A JSON web token could not be decoded');
  });
  const { exp, iat } = verified.payload;
  const seconds = Math.floor(world.now() / 1000);
  if (exp === undefined) throw new ApiError(401, "Missing 'expiration' claim ('exp') in assertion");
  if (exp > seconds + longestJwtSeconds) {
    throw new ApiError(401, "'Expiration time' claim ('exp') is too far in the future");
  }
  if (iat !== undefined && iat > seconds + 60) {
    throw new ApiError(401, "'Issued at' claim ('iat') must be an Integer representing the time");
  }
  return app;
}

/** Clients give their App's id as text or as a number, and GitHub takes both. */
function issuerOf(jwt: string): string {
  try {
    return String(decodeJwt(jwt).iss);
  } catch {
    throw new ApiError(401, 'A JSON web token could not be decoded');
  }
}
