/** How hard a password is to guess, in steps that a person can act on. The floor is 12 characters. */
export type Strength = { score: 0 | 1 | 2 | 3 | 4; word: string; advice: string | undefined };

const well_known = [
  'password',
  'passwort',
  'qwerty',
  'asdfgh',
  'letmein',
  'welcome',
  'admin',
  'invoice',
  'iloveyou',
  'monkey',
  'dragon',
  'football',
  'sunshine',
  'princess',
  'abc123',
  '123456',
  '111111',
  'summer',
  'winter',
  'secret',
  'changeme',
];

const alphabetOf = (text: string): number =>
  (/[a-z]/.test(text) ? 26 : 0) +
  (/[A-Z]/.test(text) ? 26 : 0) +
  (/\d/.test(text) ? 10 : 0) +
  (/[^a-zA-Z\d]/.test(text) ? 33 : 0);

/** Characters that a guesser gets for nothing: repeats, rows of neighbours, words that everybody takes. */
function givenAway(text: string, personal: readonly string[]): number {
  const lower = text.toLowerCase();
  const words = [
    ...well_known,
    ...personal.map((word) => word.toLowerCase()).filter((word) => word.length > 2),
  ];
  const inWords = words
    .filter((word) => lower.includes(word))
    .reduce((sum, word) => sum + word.length - 1, 0);
  let neighbours = 0;
  for (let at = 1; at < lower.length; at += 1) {
    const step = Math.abs(lower.charCodeAt(at) - lower.charCodeAt(at - 1));
    if (step <= 1) neighbours += 1;
  }
  return inWords + neighbours * 0.75;
}

/** `personal` holds what a guesser tries first: names and the e-mail address. */
export function strengthOf(text: string, personal: readonly string[] = []): Strength {
  if (text === '')
    return { score: 0, word: '', advice: 'At least 12 characters. Four unrelated words are easy to keep.' };
  const counted = Math.max(0, text.length - givenAway(text, personal));
  const bits = counted * Math.log2(Math.max(2, alphabetOf(text)));
  if (text.length < 12) return { score: 1, word: 'Too short', advice: `${12 - text.length} more to go` };
  if (bits < 45)
    return {
      score: 1,
      word: 'Weak',
      advice: 'It leans on a name, a common word or a simple row. Add something unrelated.',
    };
  if (bits < 60) return { score: 2, word: 'Fair', advice: 'Another word makes it good.' };
  if (bits < 80) return { score: 3, word: 'Good', advice: undefined };
  return { score: 4, word: 'Strong', advice: undefined };
}
