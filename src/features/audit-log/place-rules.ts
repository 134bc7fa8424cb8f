/** A page of the console, as its links name it. */
export type Place = { to: string; search?: Record<string, string> };

const pages: Record<string, { noun: string; place: (id: string) => Place }> = {
  inv: { noun: 'invoice', place: (id) => ({ to: `/invoices/${id}` }) },
  est: { noun: 'estimate', place: (id) => ({ to: `/estimates/${id}` }) },
  crm: { noun: 'credit memo', place: (id) => ({ to: `/credit-memos/${id}` }) },
  pay: { noun: 'payment', place: (id) => ({ to: `/payments/${id}` }) },
  dep: { noun: 'deposit', place: (id) => ({ to: `/deposits/${id}` }) },
  chb: { noun: 'chargeback', place: (id) => ({ to: '/chargebacks', search: { id } }) },
  pln: { noun: 'payment plan', place: (id) => ({ to: `/payment-plans/${id}` }) },
  sch: { noun: 'schedule', place: (id) => ({ to: `/schedules/${id}` }) },
  cus: { noun: 'customer', place: (id) => ({ to: `/customers/${id}` }) },
  msg: { noun: 'message', place: (id) => ({ to: '/messages', search: { id } }) },
  imp: { noun: 'import', place: (id) => ({ to: `/imports/${id}` }) },
  usr: { noun: 'user', place: () => ({ to: '/settings', search: { section: 'users' } }) },
  rol: { noun: 'role', place: () => ({ to: '/settings', search: { section: 'users' } }) },
  uin: { noun: 'invitation', place: () => ({ to: '/settings', search: { section: 'users' } }) },
  oip: { noun: 'sign-in provider', place: () => ({ to: '/settings', search: { section: 'sign_on' } }) },
  key: { noun: 'API key', place: () => ({ to: '/settings', search: { section: 'keys' } }) },
  gwa: { noun: 'gateway', place: () => ({ to: '/settings', search: { section: 'gateways' } }) },
  dun: { noun: 'dunning policy', place: () => ({ to: '/settings', search: { section: 'reminders' } }) },
  itm: { noun: 'item', place: () => ({ to: '/settings', search: { section: 'items' } }) },
  txr: { noun: 'tax rate', place: () => ({ to: '/settings', search: { section: 'taxes' } }) },
  org: { noun: 'settings', place: () => ({ to: '/settings' }) },
};

/** Where the record is that an act was on, if it has a page. */
export const placeOf = (id: string): Place | undefined => pages[id.slice(0, 3)]?.place(id);

type About = { subject_id: string; data: Record<string, unknown> };

/** What the record is called: by its number where it has one. */
export function nameOf({ subject_id: id, data }: About): string {
  const { document } = data;
  const number =
    document !== null && typeof document === 'object' && 'number' in document ? document.number : data.number;
  const page = pages[id.slice(0, 3)];
  return typeof number === 'string' && /^(inv|crm|est)_/.test(id) ? number : (page?.noun ?? 'record');
}
