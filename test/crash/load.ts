import { setTimeout as sleep } from 'node:timers/promises';
import { sandboxToken } from '#connectors/gateways/sandbox/sandbox-lab.ts';
import type { Behaviour } from '#connectors/gateways/sandbox/test-numbers.ts';
import { newId } from '#lib/ids.ts';
import type { Random } from '#lib/random.ts';
import { call, type Intent, isOpen, send, type Target } from './intents.ts';

export type OpenInvoice = { id: string; customer_id: string; payable_now: number };

export async function openInvoices(target: Target): Promise<OpenInvoice[]> {
  const { body } = await call(target, 'GET', '/v1/invoices?status=open&limit=100&sort=due_date', {
    patience_ms: 120_000,
  });
  return (body.data as OpenInvoice[]).filter((invoice) => invoice.payable_now > 0);
}

const behaviours: readonly Behaviour[] = [
  'approve',
  'approve',
  'approve',
  'approve',
  'lost_answer',
  'lost_answer',
  'slow',
  'error_after_commit',
  'error_after_commit',
  'unknown_until_looked_up_twice',
  'decline',
  'settle',
  'return_r01',
  'disputed',
  'refund_fails',
  'payout_short',
];

type Book = { invoices: readonly OpenInvoice[]; random: Random; earlier: readonly Intent[] };

/** What somebody wants now: mostly to pay; else to have something back, or credit. */
async function draw(target: Target, book: Book): Promise<Intent> {
  const chance = book.random.next();
  const other =
    chance < 0.22
      ? drawRefund(book)
      : chance < 0.3
        ? drawVoid(book)
        : chance < 0.36
          ? drawCredit(book)
          : chance < 0.42
            ? drawApplying(book)
            : undefined;
  return other ?? drawPayment(target, book);
}

const fresh = () => ({ key: newId('request'), sent: 0 });
const madeOf = ({ earlier }: Book, ...kinds: Intent['what'][]): Intent[] =>
  earlier.filter(({ what, madeId }) => madeId !== undefined && kinds.includes(what));

/** A part of what was paid, of something old: what has settled can be refunded. */
function drawRefund(book: Book): Intent | undefined {
  const paid = madeOf(book, 'charge', 'payment').filter(({ behaviour }) => behaviour !== 'decline');
  if (paid.length === 0) return undefined;
  const { madeId, amount: most } = book.random.pick(paid);
  const amount = book.random.int(1, Math.max(1, Math.floor(most / 3)));
  const body = { payment_id: madeId, principal: amount, send_receipt: false };
  return { ...fresh(), what: 'refund', path: '/v1/refunds', body, amount };
}

/** Of something new: what has not left for settlement can be void. */
function drawVoid(book: Book): Intent | undefined {
  const paid = madeOf(book, 'charge', 'payment').slice(-8);
  if (paid.length === 0) return undefined;
  const { madeId, amount } = book.random.pick(paid);
  const path = `/v1/payments/${madeId}/void`;
  return { ...fresh(), what: 'void', path, body: { send_receipt: false }, amount };
}

function drawCredit({ invoices, random }: Book): Intent {
  const intent = { ...fresh(), what: 'credit', path: '/v1/credit-memos' } as const;
  const amount = random.int(1, 500);
  const lines = [{ description: 'Goods came back', amount }];
  // The reason tells whose it is: a memo has no key of its own.
  const body = { customer_id: random.pick(invoices).customer_id, reason: intent.key, lines };
  return { ...intent, body, amount };
}

function drawApplying(book: Book): Intent | undefined {
  const { invoices, random } = book;
  const memos = madeOf(book, 'credit');
  if (memos.length === 0) return undefined;
  const memo = random.pick(memos);
  const own = invoices.filter(({ customer_id }) => customer_id === memo.body.customer_id);
  if (own.length === 0) return undefined;
  const amount = random.int(1, Math.max(1, Math.floor(memo.amount / 2)));
  const body = { applications: [{ invoice_id: random.pick(own).id, amount }] };
  const path = `/v1/credit-memos/${memo.madeId}/apply`;
  return { ...fresh(), what: 'apply credit', path, body, amount };
}

async function drawPayment(target: Target, { invoices, random }: Book): Promise<Intent> {
  const invoice = random.pick(invoices);
  const others = invoices.filter((each) => each.customer_id === invoice.customer_id);
  const chosen = others.filter((each) => each === invoice || random.chance(0.3));
  const applications = chosen.map(({ id, payable_now }) => ({
    invoice_id: id,
    amount: random.int(1, Math.max(1, Math.floor(payable_now / 60))),
  }));
  const amount = applications.reduce(
    (sum, part) => sum + part.amount,
    random.chance(0.2) ? random.int(1, 99) : 0,
  );
  const base = { customer_id: invoice.customer_id, amount, applications, send_receipt: random.chance(0.2) };
  const intent = { ...fresh(), amount };
  if (random.chance(0.3))
    return { ...intent, what: 'payment', path: '/v1/payments', body: { ...base, kind: 'check' } };
  const behaviour = random.pick(behaviours);
  const token = await sandboxToken(target.gatewayUrl, target.secretKey, behaviour);
  const kind = behaviour === 'settle' || behaviour === 'return_r01' ? 'bank_account' : 'card';
  return { ...intent, what: 'charge', path: '/v1/charges', behaviour, body: { ...base, token, kind } };
}

/** Clients that ask without pause until they are told to stop; some ask the same thing twice at once. */
export function startLoad(target: Target, book: Book, clients = 12) {
  const intents: Intent[] = [];
  const { random } = book;
  let isRunning = true;
  const client = async () => {
    while (isRunning) {
      const intent = await draw(target, { ...book, earlier: [...book.earlier, ...intents] });
      intents.push(intent);
      await Promise.all(
        random.chance(0.15) ? [send(target, intent), send(target, intent)] : [send(target, intent)],
      );
      // A dead server answers at once, and nobody asks it a thousand times a second.
      if (isOpen(intent)) await sleep(100);
    }
  };
  const done = Promise.all(Array.from({ length: clients }, client));
  return {
    intents,
    async stop() {
      isRunning = false;
      await done;
    },
  };
}
