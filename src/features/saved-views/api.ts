import { z } from 'zod';
import { viewedLists } from '#features/saved-views/rules.ts';
import { endpoint, zId, zInstant, zText } from '#lib/endpoint.ts';

const zName = zText(60);
/** As the address of the list spells it, without the page. */
const zSearch = z
  .record(z.string().max(40), z.string().max(200))
  .refine((search) => Object.keys(search).length <= 20, 'at most 20 filters')
  .meta({
    description: 'Filters, sort and columns as the list takes them: {"status": "open", "sort": "due_date"}',
  });

export const zSavedView = z.object({
  object: z.literal('saved_view'),
  id: zId('savedView'),
  list: z.enum(viewedLists),
  name: z.string(),
  shared: z.boolean().meta({ description: 'Everybody who reads the list has it' }),
  own: z.boolean(),
  made_by: z.string().nullable(),
  is_default: z.boolean().meta({ description: 'The list opens with it for whoever asks' }),
  search: z.record(z.string(), z.string()),
  problems: z
    .array(z.string())
    .meta({ description: 'Filters that find nothing any more, each with its remedy' }),
  updated_at: zInstant,
});

const errors = ['unauthenticated', 'forbidden', 'invalid_request'] as const;
const one = z.object({ id: zId('savedView') });

export const listSavedViews = endpoint({
  method: 'GET',
  path: '/v1/saved-views',
  summary: 'Saved views of a list: the own ones and those of all, by name',
  scope: 'signed_in',
  query: z.object({ list: z.enum(viewedLists) }),
  reply: z.object({ object: z.literal('list'), data: z.array(zSavedView), has_more: z.literal(false) }),
  errors,
});
export const saveView = endpoint({
  method: 'POST',
  path: '/v1/saved-views',
  summary: 'Keep the filters, sort and columns of a list under a name',
  scope: 'signed_in',
  status: 201,
  body: z.strictObject({
    list: z.enum(viewedLists),
    name: zName,
    search: zSearch,
    shared: z.boolean().default(false),
    is_default: z.boolean().default(false),
  }),
  reply: zSavedView,
  errors: [...errors, 'conflict', 'too_large'],
});
export const changeView = endpoint({
  method: 'PATCH',
  path: '/v1/saved-views/{id}',
  summary: 'Rename a view, share it, or keep other filters under its name',
  scope: 'signed_in',
  params: one,
  body: z
    .strictObject({ name: zName, search: zSearch, shared: z.boolean(), is_default: z.boolean() })
    .partial(),
  reply: zSavedView,
  errors: [...errors, 'not_found', 'conflict', 'too_large'],
});
export const removeView = endpoint({
  method: 'DELETE',
  path: '/v1/saved-views/{id}',
  summary: 'Delete a view; whoever opened the list with it opens it without',
  scope: 'signed_in',
  params: one,
  reply: z.object({ object: z.literal('saved_view_removed'), id: zId('savedView') }),
  errors: ['unauthenticated', 'forbidden', 'not_found'],
});
