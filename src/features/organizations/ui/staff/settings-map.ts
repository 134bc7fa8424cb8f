/** Where each section of the settings stands, and what it is for; the others are with the business. */
export const settingsGroups = [
  'Business',
  'Invoices and messages',
  'Getting paid',
  'Chasing',
  'Customer portal',
  'Team and security',
  'Developers',
] as const;
export type SettingsGroup = (typeof settingsGroups)[number];

type Place = { group: SettingsGroup; says: string };

const places: Record<string, Place> = {
  general: {
    group: 'Business',
    says: 'Who you are, where notices go, and how dates and amounts are written.',
  },
  branding: { group: 'Business', says: 'Your logo and colour on mails, invoices and the portal.' },
  billing: { group: 'Business', says: 'Your plan, what you use of it, and what you are billed.' },
  clock: { group: 'Business', says: 'Move the date of this practice organization forward.' },
  invoices: {
    group: 'Invoices and messages',
    says: 'What stands on each invoice and what goes with its mail.',
  },
  items: { group: 'Invoices and messages', says: 'What you sell, with its price and tax.' },
  taxes: { group: 'Invoices and messages', says: 'Tax rates, and the terms that invoices are due by.' },
  messenger: { group: 'Invoices and messages', says: 'When invoices and statements go out by themselves.' },
  templates: { group: 'Invoices and messages', says: 'The words of each message, by mail, text and letter.' },
  'sending-domain': { group: 'Invoices and messages', says: 'Send mail from your own domain.' },
  texts: { group: 'Invoices and messages', says: 'Who carries your text messages, and at what hours.' },
  letters: { group: 'Invoices and messages', says: 'Who prints and posts your letters.' },
  gateways: { group: 'Getting paid', says: 'Which gateway takes cards, bank accounts and PayPal.' },
  card_fees: {
    group: 'Getting paid',
    says: 'Surcharge, dual pricing, convenience fee or a discount by bank.',
  },
  autopay: { group: 'Getting paid', says: 'What autopay offers, and what happens when a charge fails.' },
  payment_plans: { group: 'Getting paid', says: 'How far customers may stretch what they owe.' },
  reminders: { group: 'Chasing', says: 'Which reminders go out, and when.' },
  late_fees: { group: 'Chasing', says: 'What is charged on invoices that are past due.' },
  portal: { group: 'Customer portal', says: 'What new customers start with, for all or by type.' },
  payment_terms: { group: 'Customer portal', says: 'What payers agree to, version by version.' },
  users: { group: 'Team and security', says: 'Who works here, and what each may do.' },
  notifications: { group: 'Team and security', says: 'What you and your people are told of, and how.' },
  sign_on: {
    group: 'Team and security',
    says: 'How your people sign in beside the password, and when they are signed out.',
  },
  log: { group: 'Team and security', says: 'Who did what here, and what it changed.' },
  data: {
    group: 'Team and security',
    says: 'Take everything with you, and see what was done with many at once.',
  },
  keys: { group: 'Developers', says: 'Keys for programs that work with your data.' },
};

export const placeOf = (section: string): Place => places[section] ?? { group: 'Business', says: '' };

export type SettingField = { section: string; label: string; words?: string };

/** What can be found by typing: the label as it stands on the page, and other words that people look for. */
export const settingFields: readonly SettingField[] = [
  { section: 'general', label: 'Name', words: 'business company organization' },
  { section: 'general', label: 'Legal name' },
  { section: 'general', label: 'E-mail', words: 'contact address of the business' },
  { section: 'general', label: 'Phone', words: 'telephone number' },
  { section: 'general', label: 'Website', words: 'url web address' },
  { section: 'general', label: 'Tax number', words: 'vat ein gst id' },
  { section: 'general', label: 'Address', words: 'street city postal' },
  { section: 'general', label: 'Time zone', words: 'clock hours' },
  { section: 'general', label: 'Amounts and dates', words: 'locale language date format number format' },
  { section: 'general', label: 'Currency', words: 'usd eur money' },
  { section: 'general', label: 'Send notices about payments to', words: 'merchant email notify alerts' },
  { section: 'general', label: 'Your customers’ portal', words: 'portal address link url slug' },
  { section: 'general', label: 'Weeks begin on', words: 'first weekday monday sunday calendar' },
  { section: 'general', label: 'The fiscal year begins in', words: 'financial year month' },
  { section: 'billing', label: 'Used so far', words: 'usage plan subscription host' },
  { section: 'branding', label: 'Logo', words: 'picture image' },
  { section: 'branding', label: 'Brand colour', words: 'color primary contrast theme' },
  { section: 'branding', label: 'Icon', words: 'favicon browser tab' },
  { section: 'branding', label: 'Second colour', words: 'accent color' },
  { section: 'branding', label: 'Sender name', words: 'from mail' },
  { section: 'branding', label: 'Help by e-mail', words: 'support contact' },
  { section: 'branding', label: 'Help by telephone', words: 'support phone contact' },
  { section: 'branding', label: 'Head of each mail', words: 'header email' },
  { section: 'branding', label: 'Foot of each mail', words: 'footer email signature' },
  { section: 'branding', label: 'What your customers see', words: 'preview mail invoice portal' },
  { section: 'invoices', label: 'Prefix', words: 'invoice number numbering' },
  { section: 'invoices', label: 'Without gaps, where the law wants it', words: 'invoice number numbering' },
  { section: 'invoices', label: 'Theme', words: 'layout look simple modern classic compact' },
  { section: 'invoices', label: 'Print the memo', words: 'note' },
  { section: 'invoices', label: 'Payment terms, days', words: 'net 30 due date' },
  { section: 'invoices', label: 'Footer', words: 'invoice text bottom' },
  { section: 'payment_terms', label: 'Terms and conditions', words: 'agreement legal text versions accept' },
  { section: 'invoices', label: 'Replies go to', words: 'reply-to invoice email sender' },
  { section: 'invoices', label: 'Attach the invoice as PDF', words: 'attachment' },
  { section: 'invoices', label: 'Note when a mail is opened', words: 'tracking read receipt' },
  { section: 'invoices', label: 'Note when a link in a mail is opened', words: 'tracking clicks' },
  { section: 'invoices', label: 'Customers may pay part of an invoice', words: 'partial payments' },
  { section: 'invoices', label: 'Send us a copy of each receipt', words: 'merchant receipts' },
  { section: 'autopay', label: 'An invoice is charged', words: 'autopay when due date' },
  { section: 'autopay', label: 'Try a declined charge again', words: 'retries failed charge' },
  { section: 'autopay', label: 'Tell us of each charge that fails', words: 'auto-pay failure mail' },
  { section: 'messenger', label: 'A new invoice goes out', words: 'send automatically go live' },
  { section: 'messenger', label: 'Statements', words: 'monthly account' },
  { section: 'messenger', label: 'Also to inactive customers', words: 'deactivated' },
  { section: 'payment_plans', label: 'Most installments', words: 'instalments limit' },
  { section: 'payment_plans', label: 'Smallest down payment, %', words: 'deposit' },
  { section: 'payment_plans', label: 'Longest plan, months' },
  { section: 'card_fees', label: 'Surcharge', words: 'card fee technology fee' },
  { section: 'card_fees', label: 'Dual pricing', words: 'cash discount' },
  { section: 'card_fees', label: 'Convenience fee' },
  { section: 'card_fees', label: 'Discount for paying by bank', words: 'ach cash discount' },
  { section: 'texts', label: 'When text messages may arrive', words: 'sms quiet hours' },
  { section: 'sending-domain', label: 'Where your mail comes from', words: 'dkim spf dns sender' },
  { section: 'sign_on', label: 'Signed out after, minutes', words: 'idle session timeout inactivity' },
  { section: 'sign_on', label: 'Sign-in providers', words: 'sso oidc google microsoft okta single sign-on' },
  { section: 'data', label: 'Export everything', words: 'backup download archive zip csv take out' },
  { section: 'data', label: 'Done with many at once', words: 'bulk actions batch' },
  { section: 'portal', label: 'What new customers start with', words: 'customer types defaults card bank' },
];

const plain = (text: string): string => text.toLowerCase().replaceAll('’', "'");

/** Each word typed has to be found in the label, the other words, or the section with its sentence. */
export function findSettings(
  query: string,
  sections: readonly { name: string; title: string }[],
): { section: string; title: string; label?: string }[] {
  const asked = plain(query).split(/\s+/).filter(Boolean);
  if (asked.length === 0) return [];
  const fits = (text: string): boolean => asked.every((word) => plain(text).includes(word));
  const whole = sections
    .filter(({ name, title }) => fits(`${title} ${placeOf(name).says}`))
    .map(({ name, title }) => ({ section: name, title }));
  const fields = settingFields.flatMap(({ section, label, words = '' }) => {
    const title = sections.find(({ name }) => name === section)?.title;
    return title && fits(`${label} ${words} ${title}`) ? [{ section, title, label }] : [];
  });
  return [...whole, ...fields].slice(0, 20);
}
