import { Button, Select } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconAdjustmentsHorizontal } from '@tabler/icons-react';
import { useCallback, useState } from 'react';
import { type PaymentOrigin, paymentKinds, paymentSources } from '#features/payments/payment-name-rules.ts';
import type { PaymentView } from '#features/payments/report-rules.ts';
import { kindWords, sourceWords } from '#features/payments/word-rules.ts';
import { readTyped, toTyped } from '#lib/money.ts';
import { MoneyField, type Picker } from '#ui/fields.tsx';
import { Chips, DateRange, ListSearch } from '#ui/filters.tsx';
import { useFrame } from '#ui/frame.tsx';
import { OnlyCurrency } from '#ui/only-currency.tsx';

export type PaymentsSearch = {
  q?: string;
  status?: Exclude<PaymentView, 'all'>;
  currency?: string;
  customer_id?: string;
  kind?: (typeof paymentKinds)[number];
  source?: PaymentOrigin;
  gateway_account_id?: string;
  /** In minor units. */
  amount_from?: string;
  amount_to?: string;
  from?: string;
  to?: string;
};
type Props = {
  search: PaymentsSearch;
  onSearch: (change: { [K in keyof PaymentsSearch]?: PaymentsSearch[K] | undefined }) => void;
  pickCustomer: Picker;
  pickGateway: Picker;
};

const views = [
  { value: 'all', label: 'All' },
  { value: 'in_progress', label: 'Pending' },
  { value: 'unanswered', label: 'No answer' },
  { value: 'succeeded', label: 'Succeeded' },
  { value: 'rejected', label: 'Rejected' },
  { value: 'voided', label: 'Voided' },
] as const;

export function PaymentFilters({ search, onSearch, pickCustomer, pickGateway }: Props) {
  const find = useCallback((q: string) => onSearch({ q: q || undefined }), [onSearch]);
  const { kind, source, gateway_account_id: gateway, amount_from: least, amount_to: most } = search;
  const set = [kind, source, gateway, least ?? most].filter(Boolean).length;
  const [isOpen, more] = useDisclosure(set > 0);
  return (
    <>
      <div className="toolbar">
        <ListSearch
          label="Search payments"
          placeholder="Customer, invoice or reference"
          value={search.q ?? ''}
          onChange={find}
        />
        <Chips
          label="Which payments"
          value={search.status ?? 'all'}
          options={views}
          onChange={(status) => onSearch({ status: status === 'all' ? undefined : status })}
        />
      </div>
      <div className="toolbar second">
        <OnlyCurrency currency={search.currency} onClear={() => onSearch({ currency: undefined })} />
        <div className="filter-customer">
          {pickCustomer({
            id: search.customer_id,
            onChange: (customer_id) => onSearch({ customer_id }),
            label: 'Customer',
            hideLabel: true,
            placeholder: 'Any customer',
            clearable: true,
          })}
        </div>
        <DateRange word="Received" from={search.from} to={search.to} onChange={onSearch} />
        <Button
          variant="default"
          aria-expanded={isOpen}
          onClick={more.toggle}
          leftSection={<IconAdjustmentsHorizontal size={16} aria-hidden />}
        >
          {set > 0 ? `More filters (${set})` : 'More filters'}
        </Button>
      </div>
      {isOpen && <MoreFilters search={search} onSearch={onSearch} pickGateway={pickGateway} />}
    </>
  );
}

const kinds = paymentKinds.map((value) => ({ value, label: kindWords[value] }));
const sources = paymentSources.map((value) => ({ value, label: sourceWords[value] }));

function MoreFilters({ search, onSearch, pickGateway }: Omit<Props, 'pickCustomer'>) {
  return (
    <div className="toolbar second">
      <Select
        className="filter-choice"
        aria-label="Method"
        placeholder="Any method"
        data={kinds}
        clearable
        value={search.kind ?? null}
        onChange={(kind) => onSearch({ kind: paymentKinds.find((each) => each === kind) })}
      />
      <Select
        className="filter-choice"
        aria-label="Source"
        placeholder="Any source"
        data={sources}
        clearable
        value={search.source ?? null}
        onChange={(source) => onSearch({ source: paymentSources.find((each) => each === source) })}
      />
      <div className="filter-choice">
        {pickGateway({
          id: search.gateway_account_id,
          onChange: (gateway_account_id) => onSearch({ gateway_account_id }),
          label: 'Gateway',
          hideLabel: true,
          placeholder: 'Any gateway',
          clearable: true,
        })}
      </div>
      <span className="filter-word">Amount from</span>
      <AmountFilter
        label="Amount from"
        minor={search.amount_from}
        onChange={(amount_from) => onSearch({ amount_from })}
      />
      <span className="filter-word">to</span>
      <AmountFilter
        label="Amount to"
        minor={search.amount_to}
        onChange={(amount_to) => onSearch({ amount_to })}
      />
    </div>
  );
}

type AmountProps = {
  label: string;
  minor: string | undefined;
  onChange: (minor: string | undefined) => void;
};

/** Taken over when the field is left or Enter is pressed; what is no amount filters nothing and says so. */
function AmountFilter({ label, minor, onChange }: AmountProps) {
  const { currency, locale } = useFrame();
  const shown = minor ? toTyped(BigInt(minor), currency, locale) : '';
  const [typed, setTyped] = useState(shown);
  const amount = readTyped(typed, currency, locale);
  const isWrong = typed.trim() !== '' && (amount === undefined || amount < 0n);
  const take = (): void => {
    if (!isWrong) onChange(typed.trim() === '' ? undefined : amount?.toString());
  };
  return (
    <form
      className="filter-amount"
      onSubmit={(event) => {
        event.preventDefault();
        take();
      }}
      onBlur={take}
    >
      <MoneyField
        aria-label={label}
        currency={currency}
        value={typed}
        onChange={setTyped}
        error={isWrong}
        placeholder="Any"
      />
    </form>
  );
}
