import { randomBytes } from 'node:crypto';
import { PDFDocument } from '@cantoo/pdf-lib';
import { systemNow } from '#lib/dates.ts';
import { type Answer, refusal } from './fake-answer.ts';

export type FakeLetter = {
  id: string;
  to: Record<string, string>;
  from: Record<string, string>;
  pdf: Buffer;
  pages: number;
  useType: string;
  color: boolean;
  doubleSided: boolean;
  placement: string;
  description: string | null;
  metadata: Record<string, string>;
  at: Date;
  /** When it goes to the press; until then it can be cancelled. */
  sendDate: Date;
  isDeleted: boolean;
};

const hex = (bytes: number): string => randomBytes(bytes).toString('hex');

function part(form: FormData, which: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (const [name, value] of form) {
    const field = new RegExp(`^${which}\\[(\\w+)\\]$`).exec(name)?.[1];
    if (field && typeof value === 'string') found[field] = value;
  }
  return found;
}

function addressFault(which: 'to' | 'from', address: Record<string, string>): Answer | undefined {
  const wrong = (message: string, code = 'invalid') => refusal(422, code, message);
  if (!address.name && !address.company) return wrong(`${which}.name or ${which}.company is required`);
  for (const [field, most] of Object.entries({ name: 40, company: 40, address_line1: 64, address_line2: 64 }))
    if ((address[field]?.length ?? 0) > most)
      return wrong(`${which}.${field} must be at most ${most} characters`, 'address_length_exceeds_limit');
  if (!address.address_line1) return wrong(`${which}.address_line1 is required`);
  const isUs = (address.address_country ?? 'US') === 'US';
  if (which === 'from' && !isUs) return wrong('Return address must be in the US', 'foreign_return_address');
  if (!isUs) return foreignFault(which, address);
  if (!/^[A-Za-z]{2}$/.test(address.address_state ?? ''))
    return wrong(`${which}.address_state must be a 2 letter state short-name code`);
  return /^\d{5}(-\d{4})?$/.test(address.address_zip ?? '')
    ? undefined
    : wrong(`${which}.address_zip must be in a valid zip format`);
}

/** Territories are states of the US here; abroad a city with its region, or a postal code, is needed. */
function foreignFault(which: string, address: Record<string, string>): Answer | undefined {
  const {
    address_country: country = '',
    address_city: city,
    address_state: state,
    address_zip: zip,
  } = address;
  if (!/^[A-Z]{2}$/.test(country) || ['AS', 'PR', 'FM', 'GU', 'MH', 'MP', 'PW', 'VI'].includes(country))
    return refusal(422, 'invalid', `${which}.address_country must be a 2 letter country short-name code`);
  return zip || (city && state)
    ? undefined
    : refusal(422, 'invalid', `${which}.address_zip or address_city and address_state are required`);
}

/** A letter as Lob takes it, or what it refuses it for. */
export async function makeLetter(form: FormData, cancelWindow_s: number): Promise<FakeLetter | Answer> {
  const text = (name: string): string => {
    const value = form.get(name);
    return typeof value === 'string' ? value : '';
  };
  const [to, from] = [part(form, 'to'), part(form, 'from')];
  const fault = addressFault('to', to) ?? addressFault('from', from);
  if (fault) return fault;
  if (text('color') === '') return refusal(422, 'invalid', 'color is required');
  if (text('use_type') === '') return refusal(422, 'mail_use_type_can_not_be_null', 'use_type is required');
  const file = form.get('file');
  if (!(file instanceof Blob)) return refusal(422, 'invalid', 'file is required');
  const pdf = Buffer.from(await file.arrayBuffer());
  if (pdf.length > 5_000_000) return refusal(422, 'file_size_exceeds_limit', 'file is too large');
  const pages = await sizesOf(pdf);
  if (!pages) return refusal(422, 'invalid_file', 'file is not a valid PDF');
  if (pages.some(([width, height]) => Math.abs(width - 612) > 1 || Math.abs(height - 792) > 1))
    return refusal(422, 'invalid_file_dimensions', 'All pages must be 8.5"x11"');
  const most = (to.address_country ?? 'US') === 'US' ? 60 : 6;
  if (pages.length > most)
    return refusal(422, 'file_pages_exceed_max', `file must have at most ${most} pages`);
  const at = systemNow();
  return {
    id: `ltr_${hex(8)}`,
    to,
    from,
    pdf,
    pages: pages.length,
    useType: text('use_type'),
    color: text('color') === 'true',
    doubleSided: text('double_sided') !== 'false',
    placement: text('address_placement') || 'top_first_page',
    description: text('description') || null,
    metadata: part(form, 'metadata'),
    at,
    sendDate: new Date(at.getTime() + cancelWindow_s * 1000),
    isDeleted: false,
  };
}

async function sizesOf(pdf: Buffer): Promise<[number, number][] | undefined> {
  try {
    const document = await PDFDocument.load(new Uint8Array(pdf));
    return document.getPages().map((each) => [each.getWidth(), each.getHeight()]);
  } catch {
    return undefined;
  }
}

const names = new Intl.DisplayNames('en', { type: 'region' });
const countryName = (code: string): string => names.of(code)?.toUpperCase() ?? code;

const addressJson = (address: Record<string, string>, at: string) => ({
  id: `adr_${hex(8)}`,
  description: null,
  name: address.name ?? null,
  company: address.company ?? null,
  phone: null,
  email: null,
  address_line1: address.address_line1,
  address_line2: address.address_line2 ?? null,
  address_city: address.address_city ?? '',
  address_state: address.address_state ?? '',
  address_zip: address.address_zip ?? '',
  address_country: countryName(address.address_country ?? 'US'),
  metadata: {},
  date_created: at,
  date_modified: at,
  object: 'address',
});

/** A letter as the API shows it. */
export function letterJson(letter: FakeLetter) {
  const at = letter.at.toISOString();
  const expires = Math.floor(letter.at.getTime() / 1000) + 30 * 86_400;
  const asset = (name: string) =>
    `https://lob-assets.com/letters/${letter.id}${name}?version=v1&expires=${expires}&signature=${hex(16)}`;
  return {
    id: letter.id,
    description: letter.description,
    metadata: letter.metadata,
    to: addressJson(letter.to, at),
    from: addressJson(letter.from, at),
    color: letter.color,
    double_sided: letter.doubleSided,
    address_placement: letter.placement,
    return_envelope: false,
    perforated_page: null,
    custom_envelope: null,
    mail_type: 'usps_first_class',
    use_type: letter.useType,
    url: asset('.pdf'),
    carrier: 'USPS',
    thumbnails: [],
    merge_variables: null,
    expected_delivery_date: new Date(letter.at.getTime() + 6 * 86_400_000).toISOString().slice(0, 10),
    date_created: at,
    date_modified: at,
    send_date: letter.sendDate.toISOString(),
    ...(letter.isDeleted ? { deleted: true } : {}),
    object: 'letter',
  };
}
