import { exitCodes, SallyportError } from '../../model/errors.ts';

export function routeMissing(proxy: string, name: string): never {
  throw new SallyportError({
    code: 'route_missing',
    message: `${proxy} has no route ${name}`,
    hint: 'ensure the route first',
    exit: exitCodes.notFound,
  });
}
