/** What two records are, as far as a merge depends on it. */
export type MergeSide = {
  id: string;
  displayName: string;
  active: boolean;
  mergedIntoId: string | null;
  parentId: string | null;
  currencies: readonly string[];
  hasAutopay: boolean;
  hasDefaultMethod: boolean;
  /** Charges that the gateway has not answered. */
  chargesUnderWay: number;
  settings: Readonly<Record<string, unknown>>;
};

export type Finding = {
  code:
    | 'same'
    | 'loser_merged'
    | 'winner_merged'
    | 'currencies'
    | 'charges_under_way'
    | 'winner_inactive'
    | 'family'
    | 'autopay_on_both'
    | 'autopay_follows'
    | 'parents_differ'
    | 'settings_differ';
  /** `refuses`: no merge until it is gone; `warns`: the merge goes on as it says. */
  severity: 'refuses' | 'warns';
  says: string;
};

const refuses = (code: Finding['code'], says: string): Finding => ({ code, severity: 'refuses', says });
const warns = (code: Finding['code'], says: string): Finding => ({ code, severity: 'warns', says });

/** Settings that two records may have otherwise, in the words of the profile. */
const settingWords: Readonly<Record<string, string>> = {
  email: 'e-mail address',
  customer_type: 'type',
  terms_days: 'terms',
  send_reminders: 'reminders',
  charge_late_fees: 'late fees',
  allow_card: 'cards',
  allow_bank_account: 'bank accounts',
  allow_partial_payments: 'partial payments',
  allow_payment_plans: 'payment plans',
  bill_with_parent: 'billing with parent',
  do_not_contact: 'do not contact',
  dunning_policy_id: 'dunning policy',
  collector_id: 'collector',
};
export const comparedSettings: readonly string[] = Object.keys(settingWords);

/** What stands against a merge, and what it will do that one might not expect. */
export function findingsOf(loser: MergeSide, winner: MergeSide): Finding[] {
  if (loser.id === winner.id)
    return [refuses('same', 'A customer cannot be merged into itself. Choose another one.')];
  return [...refusalsOf(loser, winner), ...warningsOf(loser, winner)];
}

function refusalsOf(loser: MergeSide, winner: MergeSide): Finding[] {
  const found: Finding[] = [];
  if (loser.mergedIntoId)
    found.push(
      refuses('loser_merged', `${loser.displayName} has been merged already. Undo that merge first.`),
    );
  if (winner.mergedIntoId)
    found.push(
      refuses(
        'winner_merged',
        `${winner.displayName} has been merged into another. Choose that one instead.`,
      ),
    );
  if (!winner.mergedIntoId && !winner.active)
    found.push(refuses('winner_inactive', `${winner.displayName} is inactive. Activate it first.`));
  const currencies = [...new Set([...loser.currencies, ...winner.currencies])].sort();
  if (currencies.length > 1)
    found.push(
      refuses('currencies', `Their papers are in ${currencies.join(' and ')}; one record has one currency.`),
    );
  const running = loser.chargesUnderWay + winner.chargesUnderWay;
  if (running > 0)
    found.push(
      refuses(
        'charges_under_way',
        `${running === 1 ? 'A charge is' : `${running} charges are`} with the gateway and not answered. Wait for it.`,
      ),
    );
  return found;
}

function warningsOf(loser: MergeSide, winner: MergeSide): Finding[] {
  const found: Finding[] = [];
  const [from, to] = [loser.displayName, winner.displayName];
  if (winner.parentId === loser.id)
    found.push(warns('family', `${to} is a child of ${from}; after the merge it stands by itself.`));
  else if (loser.parentId && winner.parentId && loser.parentId !== winner.parentId)
    found.push(warns('parents_differ', `They have different parents; the one of ${to} stays.`));
  if (loser.hasAutopay && winner.hasAutopay)
    found.push(
      warns(
        'autopay_on_both',
        `Both have autopay; the one of ${to} stays and charges what moves from now on.`,
      ),
    );
  else if (loser.hasAutopay || winner.hasAutopay)
    found.push(
      warns(
        'autopay_follows',
        `Autopay of ${loser.hasAutopay ? from : to} will charge the invoices of both from now on.`,
      ),
    );
  const differ = comparedSettings.filter(
    (name) => JSON.stringify(loser.settings[name] ?? null) !== JSON.stringify(winner.settings[name] ?? null),
  );
  if (differ.length > 0)
    found.push(
      warns(
        'settings_differ',
        `Different: ${differ.map((name) => settingWords[name]).join(', ')}. What ${to} has stays.`,
      ),
    );
  return found;
}

/** How long a merge can be taken back. */
export const undoWindow_days = 30;
