import { must } from '#lib/errors.ts';
import { callApi } from './server.ts';

type Row = { id?: string };

/** A draft of a credit memo with an item, two rates and what restocking costs. */
export async function draftCredit(apiKey: string, customerId: string): Promise<string> {
  const rateOf = async (name: string, percent: string): Promise<string> => {
    const made = await callApi(apiKey, 'POST', '/v1/tax-rates', { name, percent });
    return must((made.body as Row).id, JSON.stringify(made.body));
  };
  const rates = [await rateOf('County', '4'), await rateOf('Town', '1.25')];
  const made = await callApi(apiKey, 'POST', '/v1/credit-memos', {
    customer_id: customerId,
    reason: 'Two bags came back unopened',
    issue: false,
    lines: [
      { item_name: 'Lawn feed', quantity: '2', unit_price: '48.50', tax_rate_ids: rates },
      { item_name: 'Restocking', quantity: '1', unit_price: '-9.70' },
    ],
  });
  return must((made.body as Row).id, JSON.stringify(made.body));
}
