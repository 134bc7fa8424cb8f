/** How an invoice is set. Each is a template of its own beside pdf/theme.typ. */
export const themes = ['simple', 'modern', 'classic', 'compact'] as const;
export type Theme = (typeof themes)[number];

/** Columns To Display: each is printed where the invoice has something to say in it. */
export const columnKeys = [
  'item',
  'service_date',
  'description',
  'quantity',
  'unit_price',
  'discount',
  'taxes',
  'amount',
] as const;
export type ColumnKey = (typeof columnKeys)[number];

export type Layout = {
  theme: Theme;
  columns: readonly ColumnKey[];
  bill_to_label: string;
  ship_to_label: string;
  show_memo: boolean;
};

/** As it is before anybody has chosen; what is stored is laid over it. */
export const plainLayout: Layout = {
  theme: 'simple',
  columns: columnKeys.filter((key) => key !== 'taxes'),
  bill_to_label: 'Bill to',
  ship_to_label: 'Ship to',
  show_memo: true,
};

export const layoutOf = (stored: Partial<Layout>): Layout => ({ ...plainLayout, ...stored });
