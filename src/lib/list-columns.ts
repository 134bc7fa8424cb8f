/** The columns of a list: what a row cannot be told without, those it opens with, those one may add. */
export type ListColumns = { always: string; usual: readonly string[]; more: readonly string[] };

export const columnsOf = ({ always, usual, more }: ListColumns): readonly string[] => [
  always,
  ...usual,
  ...more,
];

/** What is wrong with columns as an address spells them; undefined: nothing. */
export function columnsProblem(said: string, list: ListColumns): string | undefined {
  const keys = said.split(',');
  const known = columnsOf(list);
  const unknown = keys.find((key) => !known.includes(key));
  if (unknown !== undefined)
    return `there is no column ${unknown || 'without a name'}. There are ${known.join(', ')}.`;
  if (new Set(keys).size < keys.length) return 'names a column twice. Name each once.';
  return keys.includes(list.always) ? undefined : `${list.always} has to be among them.`;
}

/** The columns to show: the usual ones, unless an address names others; what it cannot know falls away. */
export function columnsShown(said: string | undefined, list: ListColumns): ReadonlySet<string> {
  const keys = said?.split(',').filter((key) => columnsOf(list).includes(key)) ?? [];
  return new Set(keys.length > 0 ? [list.always, ...keys] : [list.always, ...list.usual]);
}

/** As an address spells them, in the order of the list; undefined where they are the usual ones. */
export function columnsSaid(shown: ReadonlySet<string>, list: ListColumns): string | undefined {
  const keys = columnsOf(list).filter((key) => shown.has(key));
  const isUsual = keys.length === list.usual.length + 1 && list.usual.every((key) => shown.has(key));
  return isUsual ? undefined : keys.join(',');
}
