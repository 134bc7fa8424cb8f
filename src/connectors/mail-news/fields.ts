/** A provider's call is anything until looked at; these look without trusting. */
export function at(value: unknown, ...path: string[]): unknown {
  return path.reduce<unknown>(
    (inner, name) =>
      typeof inner === 'object' && inner !== null && Object.hasOwn(inner, name)
        ? (inner as Record<string, unknown>)[name]
        : undefined,
    value,
  );
}

export function textAt(value: unknown, ...path: string[]): string {
  const found = at(value, ...path);
  return typeof found === 'string' ? found : '';
}

export function listAt(value: unknown, ...path: string[]): unknown[] {
  const found = at(value, ...path);
  return Array.isArray(found) ? found : [];
}

/** An instant in a text, or in seconds since 1970. */
export function instantAt(value: unknown, ...path: string[]): Date | undefined {
  const found = at(value, ...path);
  const instant =
    typeof found === 'number' ? new Date(found * 1000) : new Date(textAt(value, ...path) || Number.NaN);
  return Number.isNaN(instant.getTime()) ? undefined : instant;
}

export const parseJson = (raw: Buffer | string): unknown => JSON.parse(raw.toString());

/** What is no JSON is nothing. */
export function tryJson(raw: Buffer): unknown {
  try {
    return parseJson(raw);
  } catch {
    return undefined;
  }
}

/** `msg_…` in a field that we filled when the mail left: a tag, or a Message-ID. */
export const ourMessage = (...texts: string[]): string | undefined =>
  texts.map((text) => /msg_[0-9a-z]{22}/.exec(text)?.[0]).find((id) => id !== undefined);

export const spamWords = 'The reader reported this mail as spam.';
