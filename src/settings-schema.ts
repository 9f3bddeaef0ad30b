/**
 * What stands in a file of settings, checked against the few words of JSON Schema that ours are written in. conf would
 * do it with ajv, which takes a hundred milliseconds of a console's start to load and compile.
 */

export interface ObjectRule {
  readonly type: 'object';
  readonly properties: Readonly<Record<string, Rule>>;
  readonly required?: readonly string[];
}

export type Rule =
  | ObjectRule
  | { readonly type: 'string' | 'boolean' }
  | { readonly type: 'integer'; readonly minimum?: number; readonly maximum?: number }
  | { readonly enum: readonly string[] };

/** What is wrong, with the place of it: `database/port: integer`; undefined: nothing. Keys without a rule are let pass. */
export function faultIn(value: unknown, rule: Rule, place = ''): string | undefined {
  const fault = (expected: string) => `${place}: ${expected}`;
  if ('enum' in rule) return rule.enum.some(one => one === value) ? undefined : fault(rule.enum.join(' | '));
  if (rule.type === 'object') {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return fault(rule.type);
    return faultInside(value as Readonly<Record<string, unknown>>, rule, place);
  }
  if (rule.type !== 'integer') return typeof value === rule.type ? undefined : fault(rule.type);
  const { minimum = Number.NEGATIVE_INFINITY, maximum = Number.POSITIVE_INFINITY } = rule;
  if (!Number.isInteger(value)) return fault(rule.type);
  if ((value as number) < minimum) return fault(`≥ ${minimum}`);
  return (value as number) > maximum ? fault(`≤ ${maximum}`) : undefined;
}

function faultInside(
  value: Readonly<Record<string, unknown>>,
  { properties, required = [] }: ObjectRule,
  place: string,
): string | undefined {
  const within = (name: string) => (place === '' ? name : `${place}/${name}`);
  const missing = required.find(name => value[name] === undefined);
  if (missing !== undefined) return `${within(missing)}: ?`;
  for (const [name, rule] of Object.entries(properties)) {
    const found = value[name];
    const fault = found === undefined ? undefined : faultIn(found, rule, within(name));
    if (fault !== undefined) return fault;
  }
  return undefined;
}
