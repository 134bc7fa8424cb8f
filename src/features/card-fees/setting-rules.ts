import {
  type CardFeePolicy,
  type CardFeeRule,
  capOf,
  noticeOver,
  rulesFor,
  tenThousandths,
} from '#features/card-fees/rules.ts';
import type { CalendarDate } from '#lib/dates.ts';

export type NewCardFeePolicy = Omit<CardFeePolicy, 'id' | 'version'>;
export type SettingFault = { message: string; param: string };

/** Far above what accepting a card costs anywhere: more is a slip of the finger. */
const mostPercent = '20';

/** What keeps these terms from being saved, by the rules of their place; undefined: nothing. */
export function faultOf(policy: NewCardFeePolicy, rules: readonly CardFeeRule[]): SettingFault | undefined {
  if (policy.mode === 'off') return undefined;
  if (policy.region === null) return { message: 'Choose where you are: its rules hold.', param: 'region' };
  const here = rulesFor(policy, rules);
  if (here.length === 0)
    return {
      message: 'Owed keeps no rules of that place yet, so no card fee can be charged there.',
      param: 'region',
    };
  if (policy.mode === 'convenience_fee')
    return policy.flatAmount > 0n
      ? undefined
      : { message: 'A convenience fee is a flat amount above 0.', param: 'flat_amount' };
  if (policy.mostAmount !== null && policy.mode !== 'bank_discount')
    return { message: 'Only a discount has a most. Leave it out.', param: 'most_amount' };
  if (tenThousandths(policy.percent) === 0n || tenThousandths(policy.percent) > tenThousandths(mostPercent))
    return { message: `Give a percentage above 0 and up to ${mostPercent}.`, param: 'percent' };
  return policy.mode === 'surcharge' ? surchargeFault(policy, here) : undefined;
}

function surchargeFault(policy: NewCardFeePolicy, rules: readonly CardFeeRule[]): SettingFault | undefined {
  const barred = rules.find(({ kind, severity }) => kind === 'barred' && severity === 'block');
  if (barred)
    return {
      message: `${barred.title}: ${barred.says} Choose dual pricing, or none.`,
      param: 'region',
    };
  if (!policy.region?.includes('-'))
    return { message: 'Choose your state: surcharges are ruled by each state.', param: 'region' };
  if (policy.costPercent === null)
    return {
      message: 'Give what accepting a card costs you: a surcharge is never more.',
      param: 'cost_percent',
    };
  const cap = capOf(policy, rules);
  if (cap !== undefined && tenThousandths(policy.percent) > tenThousandths(cap))
    return { message: `At most ${cap} % is allowed here. Lower it.`, param: 'percent' };
  const from: CalendarDate | undefined = noticeOver(policy, rules);
  if (from === undefined)
    return { message: 'Give the day on which you told your acquirer.', param: 'acquirer_notified_on' };
  return policy.effectiveFrom < from
    ? { message: `Your acquirer’s notice runs until ${from}: begin then or later.`, param: 'effective_from' }
    : undefined;
}
