import { ApiError, invalid } from './errors.ts';

/** Reads the fields of a request's JSON; throws GitHub's 422 for one that is missing, of another type or too long. */
export interface Fields {
  text(name: string, most?: number): string;
  /** Undefined when it is absent or null. */
  optionalText(name: string, most?: number): string | undefined;
  flag(name: string, otherwise: boolean): boolean;
  oneOf(name: string, allowed: readonly string[]): string;
  /** An http or https URL; empty when absent. */
  url(name: string): string;
  texts(name: string): readonly string[] | undefined;
  time(name: string): number | undefined;
}

/** GitHub keeps addresses in columns of this length. */
const longestUrl = 255;

export function fieldsOf(resource: string, body: Readonly<Record<string, unknown>>): Fields {
  const optionalText = (name: string, most?: number): string | undefined => {
    const value = body[name];
    if (value === undefined || value === null) return undefined;
    if (typeof value !== 'string') throw wrongType(name, value, 'a string');
    if (most !== undefined && value.length > most) throw tooLong(resource, name, most);
    return value;
  };
  const text = (name: string, most?: number): string => {
    const value = optionalText(name, most);
    if (value === undefined || value === '') throw invalid(resource, name, 'missing_field');
    return value;
  };
  return {
    text,
    optionalText,
    flag(name, otherwise) {
      const value = body[name] ?? otherwise;
      if (typeof value !== 'boolean') throw wrongType(name, value, 'a boolean');
      return value;
    },
    oneOf(name, allowed) {
      const value = text(name);
      if (!allowed.includes(value)) throw invalid(resource, name, 'custom', `${name} is invalid`);
      return value;
    },
    url(name) {
      const value = optionalText(name, longestUrl) ?? '';
      if (value !== '' && !isUrl(value)) {
        throw invalid(resource, name, 'custom', `${name} must use http(s) scheme`);
      }
      return value;
    },
    texts(name) {
      const value = body[name];
      if (value === undefined || value === null) return undefined;
      if (Array.isArray(value) && value.every((item) => typeof item === 'string')) return value;
      throw wrongType(name, value, 'an array of strings');
    },
    time(name) {
      const value = optionalText(name);
      if (value === undefined) return undefined;
      const at = Date.parse(value);
      if (Number.isNaN(at)) throw wrongType(name, value, 'a date-time');
      return at;
    },
  };
}

function isUrl(value: string): boolean {
  return URL.canParse(value) && /^https?:\/\//i.test(value);
}

function tooLong(resource: string, name: string, most: number): ApiError {
  const message = `${name} is too long (maximum is ${most} characters)`;
  return invalid(resource, name, 'custom', message);
}

function wrongType(name: string, value: unknown, wanted: string): ApiError {
  const shown = JSON.stringify(value) ?? 'undefined';
  const message = `Invalid request.\n\nFor 'properties/${name}', ${shown} is not ${wanted}.`;
  return new ApiError(422, message);
}
