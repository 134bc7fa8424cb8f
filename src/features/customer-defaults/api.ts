import { z } from 'zod';
import { type SettingName, settingNames } from '#features/customers/setting-rules.ts';
import { endpoint, listOf, pageQuery, zId, zInstant, zText } from '#lib/endpoint.ts';

const switches = Object.fromEntries(settingNames.map((name) => [name, z.boolean()])) as Record<
  SettingName,
  z.ZodBoolean
>;
const zAllSettings = z.strictObject(switches);
const zSomeSettings = zAllSettings.partial();
const zType = zText(100);

export const zCustomerDefaults = z.object({
  object: z.literal('customer_defaults'),
  by_type: z.boolean(),
  settings: zAllSettings,
  /** The types that have a set of their own or a customer. */
  types: z.array(
    z.object({ customer_type: z.string(), settings: zAllSettings.nullable(), customers: z.int() }),
  ),
});

const read = ['unauthenticated', 'forbidden'] as const;
const written = [...read, 'invalid_request'] as const;

export const getCustomerDefaults = endpoint({
  method: 'GET',
  path: '/v1/customer-defaults',
  summary: 'What each new customer starts with, for all and by type',
  scope: 'settings:read',
  reply: zCustomerDefaults,
  errors: read,
});
export const updateCustomerDefaults = endpoint({
  method: 'PATCH',
  path: '/v1/customer-defaults',
  summary: 'Change what new customers start with; those who are there keep what they have',
  scope: 'settings:write',
  body: z.strictObject({ by_type: z.boolean(), settings: zSomeSettings }).partial(),
  reply: zCustomerDefaults,
  errors: written,
});
export const saveCustomerType = endpoint({
  method: 'POST',
  path: '/v1/customer-types',
  summary: 'Give a customer type a set of its own, or change it; what is left out comes from the set for all',
  scope: 'settings:write',
  body: z.strictObject({ customer_type: zType, settings: zSomeSettings.default({}) }),
  reply: zCustomerDefaults,
  errors: written,
});
export const removeCustomerType = endpoint({
  method: 'POST',
  path: '/v1/customer-types/remove',
  summary: 'Take a type’s own set away; its customers keep their type and what they have',
  scope: 'settings:write',
  body: z.strictObject({ customer_type: zType }),
  reply: zCustomerDefaults,
  errors: [...written, 'not_found'],
});

export const zSettingChange = z.object({
  object: z.literal('setting_change'),
  id: zId('settingChange'),
  settings: zSomeSettings,
  customer_type: z.string().nullable(),
  /** Of a type that was renamed. */
  new_type: z.string().nullable(),
  state: z.enum(['running', 'done', 'undoing', 'undone']),
  total: z.int(),
  looked: z.int(),
  changed: z.int(),
  restored: z.int(),
  /** Changed by somebody since, and left alone by the undo. */
  kept: z.int(),
  asked_by: z.string().nullable(),
  created_at: zInstant,
  finished_at: zInstant.nullable(),
});

export const renameCustomerType = endpoint({
  method: 'POST',
  path: '/v1/customer-types/rename',
  summary: 'Rename a customer type: its set at once, its customers batch by batch',
  scope: 'settings:write',
  status: 202,
  body: z.strictObject({ customer_type: zType, new_type: zType }),
  reply: zSettingChange,
  errors: [...written, 'not_found', 'conflict'],
});

const ask = z.strictObject({
  settings: zSomeSettings.refine((given) => Object.keys(given).length > 0, 'choose at least one setting'),
  customer_type: zType.nullable().default(null),
});
export const previewSettingChange = endpoint({
  method: 'POST',
  path: '/v1/setting-changes/preview',
  summary: 'How many customers a change of settings would change, and a few of them: from what to what',
  scope: 'settings:write',
  body: ask,
  reply: z.object({
    object: z.literal('setting_change_preview'),
    total: z.int(),
    would_change: z.int(),
    sample: z.array(
      z.object({ customer_id: zId('customer'), customer_name: z.string(), before: zSomeSettings }),
    ),
  }),
  errors: written,
});
export const makeSettingChange = endpoint({
  method: 'POST',
  path: '/v1/setting-changes',
  summary: 'Apply settings to customers who are there already, batch by batch; can be undone',
  scope: 'settings:write',
  status: 202,
  body: ask,
  reply: zSettingChange,
  errors: written,
});
export const listSettingChanges = endpoint({
  method: 'GET',
  path: '/v1/setting-changes',
  summary: 'Changes of settings of many customers, newest first',
  scope: 'settings:read',
  query: z.object(pageQuery),
  reply: listOf(zSettingChange),
  errors: read,
});
const one = z.object({ id: zId('settingChange') });
export const getSettingChange = endpoint({
  method: 'GET',
  path: '/v1/setting-changes/{id}',
  summary: 'How far a change of settings has come',
  scope: 'settings:read',
  params: one,
  reply: zSettingChange,
  errors: [...read, 'not_found'],
});
export const undoSettingChange = endpoint({
  method: 'POST',
  path: '/v1/setting-changes/{id}/undo',
  summary: 'Put back what each customer had, where nobody has changed it since',
  scope: 'settings:write',
  status: 202,
  params: one,
  reply: zSettingChange,
  errors: [...read, 'not_found', 'state_refused'],
});
