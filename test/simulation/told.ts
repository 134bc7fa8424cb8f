import type { Act, ModelApplication } from './reference-model.ts';

const parts = (list: readonly ModelApplication[]): string =>
  list.map(({ invoice, amount }) => `#${invoice} ${amount}`).join(', ') || 'nothing';

/** An act in words, for the trace of a seed. */
export function told(act: Act): string {
  switch (act.do) {
    case 'refund': {
      const { principal, split } = act.ask;
      const much = split ? `${split.unapplied} of cash, ${parts(split.lines)}` : (principal ?? 'all');
      return `refund ${act.key} of ${act.payment}: ${much}`;
    }
    case 'void':
      return `void #${act.invoice}`;
    case 'revise':
      return `revise #${act.invoice} to ${act.total}`;
    case 'void payment':
      return `void payment ${act.payment}`;
    case 'credit':
      return `credit memo ${act.key} over ${act.total} for ${act.customer}`;
    case 'void credit':
      return `void credit memo ${act.memo}`;
    case 'apply credit':
      return `apply credit ${act.memo} to ${parts(act.applications)}`;
    case 'unapply credit':
      return `take credit ${act.memo} off #${act.invoice}`;
    case 'apply':
      return `apply ${act.payment} to ${parts(act.applications)}`;
    case 'unapply':
      return `take ${act.payment} off #${act.invoice}`;
    case 'dispute':
      return `the dispute of ${act.payment} is ${act.state}`;
    case 'waive fee':
    case 'remove fee':
      return `${act.do} ${act.sequence} of #${act.invoice}`;
    case 'remove method':
      return `remove account ${act.method}`;
    default: {
      const by = act.method === undefined ? act.way : `account ${act.method}`;
      return `${act.do} ${act.key} ${by} ${act.amount} by ${act.customer} for ${parts(act.applications)}`;
    }
  }
}
