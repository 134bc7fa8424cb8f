export type FieldKind =
  | 'text'
  | 'ourId'
  | 'email'
  | 'emails'
  | 'country'
  | 'currency'
  | 'flag'
  | 'days'
  | 'date'
  | 'amount'
  | 'price'
  | 'quantity'
  | 'rate';

export type Field = {
  key: string;
  label: string;
  kind: FieldKind;
  required?: true;
  maxLength?: number;
  /** Headers that people really have, with `|` between, the best first; case, blanks, signs do not count. */
  synonyms: string;
};
