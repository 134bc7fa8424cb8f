import { type MessageCell, messageCells } from '#features/correspondence/channel-rules.ts';

/**
 * Why a customer gets no message that goes out by itself: a lawyer speaks for it, or it asked to be left
 * alone.
 */
export const doNotContactReasons = ['represented', 'cease_contact'] as const;
export type DoNotContact = (typeof doNotContactReasons)[number];

/** The settings that each customer has of its own and new ones copy from the defaults, besides the cells. */
export const customerFlags = [
  'allow_card',
  'allow_bank_account',
  'allow_paypal',
  'allow_partial_payments',
  'allow_payment_plans',
  'send_receipts',
  'send_reminders',
  'charge_late_fees',
  'ignore_conflicts',
  'bill_with_parent',
  'portal_show_children',
  'portal_edit_profile',
  'portal_edit_methods',
  'portal_edit_autopay',
] as const;
export type CustomerFlag = (typeof customerFlags)[number];

/**
 * Every setting is on or off, a cell of the matrix as well: one shape for defaults, changes of many and
 * their undo.
 */
export type SettingName = CustomerFlag | MessageCell;
export const settingNames: readonly SettingName[] = [...customerFlags, ...messageCells];
export type Settings = Partial<Record<SettingName, boolean | undefined>>;

export type CustomerSettings = Record<CustomerFlag, boolean> & {
  message_cells: readonly string[];
  parent_id?: string | null;
};

const isFlag = (name: string): name is CustomerFlag => (customerFlags as readonly string[]).includes(name);

const settingOf = (row: CustomerSettings, name: SettingName): boolean =>
  isFlag(name) ? row[name] : row.message_cells.includes(name);

/** A row's settings by name. */
export const settingsOf = (row: CustomerSettings): Record<SettingName, boolean> =>
  Object.fromEntries(settingNames.map((name) => [name, settingOf(row, name)])) as Record<
    SettingName,
    boolean
  >;

/** The columns of a row once the settings lie over it; cells stand in the order of the matrix. */
export function columnsWith(
  row: CustomerSettings,
  settings: Settings,
): Record<CustomerFlag, boolean> & { message_cells: MessageCell[] } {
  const after = { ...settingsOf(row), ...settings };
  const flags = Object.fromEntries(customerFlags.map((name) => [name, after[name] === true])) as Record<
    CustomerFlag,
    boolean
  >;
  return { ...flags, message_cells: messageCells.filter((cell) => after[cell] === true) };
}

/**
 * What of these settings differs from the row, as it was before. Nobody without a parent is billed with one.
 */
export function changedBy(row: CustomerSettings, settings: Settings): Settings {
  const before: Settings = {};
  for (const name of settingNames) {
    const wanted = settings[name];
    if (wanted === undefined || settingOf(row, name) === wanted) continue;
    if (name === 'bill_with_parent' && wanted && !row.parent_id) continue;
    before[name] = settingOf(row, name);
  }
  return before;
}

/**
 * What an undo puts back. A setting is on or off, so one that somebody has changed since stands as it did
 * before, and nothing happens to it. Whoever has lost its parent is not billed with it again.
 */
export const restorable = (row: CustomerSettings, before: Settings): Settings =>
  before.bill_with_parent && !row.parent_id ? { ...before, bill_with_parent: false } : before;
