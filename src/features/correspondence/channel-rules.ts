/** How a message reaches its reader. */
export const channels = ['email', 'sms', 'paper'] as const;
export type Channel = (typeof channels)[number];

/** What goes out by itself, each type on or off for each customer and channel (product-a 9.3 and 16). */
export const messageTypes = [
  'new_invoice',
  'invoice_updated',
  'paid_invoice',
  'upcoming_payment',
  'payment_due',
  'payment_past_due',
  'upcoming_late_fee',
  'statement',
] as const;
export type MessageType = (typeof messageTypes)[number];

export type MessageCell = `${MessageType}.${Channel}`;

/** No letter says that an invoice changed or was paid: it would arrive after the next one (product-a 9.3). */
const onPaper = (type: MessageType): boolean => type !== 'invoice_updated' && type !== 'paid_invoice';

/** Every cell of the matrix that exists. */
export const messageCells: readonly MessageCell[] = messageTypes.flatMap((type) =>
  channels
    .filter((channel) => channel !== 'paper' || onPaper(type))
    .map((channel): MessageCell => `${type}.${channel}`),
);

/** The channels by which a customer is told of a type. */
export const channelsOf = (cells: readonly string[], type: MessageType): Channel[] =>
  channels.filter((channel) => cells.includes(`${type}.${channel}`));
