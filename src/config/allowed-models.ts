// Which models an operator lets a repository name. In place of another one the operator's own is used.

const matches = (pattern: string, model: string): boolean => {
  const parts = pattern.split("*");
  const [first = "", ...rest] = parts;
  const last = rest.pop();
  if (last === undefined) return model === pattern;
  if (!model.startsWith(first) || !model.endsWith(last) || model.length < first.length + last.length) return false;
  let at = first.length;
  for (const part of rest) {
    const found = model.indexOf(part, at);
    if (found < 0 || found + part.length > model.length - last.length) return false;
    at = found + part.length;
  }
  return true;
};

/** What the bound itself names is allowed by that. */
export const allowedModels = <Models extends Readonly<Record<string, string | null>>>(
  asked: Models,
  bound: Readonly<{ allowed_models: readonly string[]; models: Readonly<Record<string, string | null>> }>,
): Models => {
  const named = new Set(Object.values(bound.models));
  const isAllowed = (model: string | null): boolean =>
    model === null || named.has(model) || bound.allowed_models.some((pattern) => matches(pattern, model));
  const refused = Object.entries(asked).flatMap(([role, model]) => (isAllowed(model) ? [] : [[role, null] as const]));
  return { ...asked, ...Object.fromEntries(refused) };
};
