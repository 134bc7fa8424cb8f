import { listFile } from '#features/downloads/list-file.ts';
import * as api from '#features/users/api.ts';
import { readUsers } from '#features/users/people-queries.ts';

export const usersFile = listFile({
  list: api.listUsers,
  title: 'Users',
  as: 'system',
  read: ({ tx, organization, query }) =>
    readUsers(tx, organization.id, { after: query.starting_after, limit: query.limit }),
})([
  ['First name', 'text', (row) => row.first_name],
  ['Last name', 'text', (row) => row.last_name],
  ['E-mail', 'text', (row) => row.email],
  ['Roles', 'text', (row) => row.roles.join(', ')],
  ['State', 'text', (row) => row.state],
  ['Second factor', 'text', (row) => (row.has_second_factor ? 'Y' : 'N')],
  ['Last sign-in', 'date', (row) => row.last_sign_in_at],
  ['Since', 'date', (row) => row.created_at],
]);
