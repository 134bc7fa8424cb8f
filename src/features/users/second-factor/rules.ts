/** Letters and digits that nobody mistakes for each other (Crockford's). */
export const recoveryAlphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
export const recoveryLength = 10;
export const recoveryCount = 10;

export type TypedCode = { app: string } | { recovery: string };

/** What somebody typed: six digits of an app, or a recovery code, plain; undefined when it is neither. */
export function readCode(typed: string): TypedCode | undefined {
  const bare = typed.replace(/[\s-]/g, '').toUpperCase();
  if (/^\d{6}$/.test(bare)) return { app: bare };
  const plain = bare.replaceAll('O', '0').replace(/[IL]/g, '1');
  const isCode =
    plain.length === recoveryLength && [...plain].every((each) => recoveryAlphabet.includes(each));
  return isCode ? { recovery: plain } : undefined;
}

/** As it is shown and kept on paper: `A8K3F-7QM2N`. */
export const shownCode = (plain: string): string => `${plain.slice(0, 5)}-${plain.slice(5)}`;
