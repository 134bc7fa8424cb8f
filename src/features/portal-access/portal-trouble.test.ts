import assert from 'node:assert/strict';
import { before, suite, test } from 'node:test';
import { type Books, given } from '../../../test/support/given.ts';
import {
  Browser,
  countMails,
  freshEmail,
  goodPassword,
  invite,
  mailedLink,
  query,
  signUp,
  trySignIn,
  workOff,
} from '../../../test/support/portal.ts';
import { payerOf } from '../../../test/support/portal-payer.ts';
import { staffOf } from '../../../test/support/support.ts';

let books: Books;
before(async () => {
  books = await given.organization();
});

const help = async (email: string): Promise<Browser> => {
  const browser = await new Browser().open('/portal/trouble');
  await browser.submit('/portal/trouble', { email });
  await workOff('send-portal-sign-in-help', email);
  return browser;
};

const newestMail = async (email: string): Promise<{ subject: string; text: string }> =>
  (
    await query<{ subject: string; text: string }>(
      'select subject, text from messages where $1 = any(to_emails) order by id desc limit 1',
      [email],
    )
  )[0] ?? { subject: '', text: '' };

const peopleOf = async (customerId: string) => {
  const staff = await staffOf(books);
  const url = `/v1/customers/${customerId}/portal-people`;
  return { staff, url, read: async () => (await staff.call('GET', url)).body };
};

suite('trouble with signing in', () => {
  test('every state of an address gets the same page in answer, and the mail that fits it alone', async () => {
    const active = await payerOf(books);
    const unknown = freshEmail();
    const never = freshEmail();
    await given.customer(books, { email: never });
    const invited = freshEmail();
    const invitedId = await given.customer(books, { email: invited });
    await invite(books, [invitedId]);
    const ended = await payerOf(books);
    await query('update customers set deactivated_at = now() where id = $1 returning 1', [ended.customerId]);
    const unconfirmed = freshEmail();
    await signUp(books, {
      customerIds: [await given.customer(books, { email: unconfirmed })],
      email: unconfirmed,
    });
    await query('update portal_users set email_confirmed_at = null where email = $1 returning 1', [
      unconfirmed,
    ]);
    const before = await countMails(invited);
    const expected: [string, RegExp][] = [
      [active.email, /How to sign in/],
      [never, /There is no login with this address yet/],
      [invited, /Welcome to the customer portal of /],
      [ended.email, /Your access to the portal has ended/],
      [unconfirmed, /Confirm your email address/],
    ];
    const plain = (await help(unknown)).plain;
    assert.match(plain, /Check your email/);
    assert.equal(await countMails(unknown), 0);
    for (const [email, subject] of expected) {
      assert.equal((await help(email)).plain, plain, email);
      assert.match((await newestMail(email)).subject, subject);
    }
    assert.equal(await countMails(invited), before + 1);
    assert.match((await newestMail(active.email)).text, /It opens the\s+portal of Organization/);
  });

  test('a locked login gets a link that opens it; the job a second time makes no second mail; asking without end is refused', async () => {
    const { email } = await payerOf(books);
    for (let n = 0; n < 5; n += 1) await trySignIn(email, 'wrong');
    assert.match((await trySignIn(email, goodPassword)).title, /Sign-in is paused/);
    await help(email);
    assert.match((await newestMail(email)).text, /Sign-in is paused until [^.]*\d:\d\d [AP]M\s+E[SD]T/);
    const browser = await new Browser().open(await mailedLink(email, 'reset'));
    await browser.submit(browser.path, { password: 'four brown lanterns' });
    assert.equal((await trySignIn(email, 'four brown lanterns')).path, '/portal');
    await help(email);
    await help(email);
    const mails = await countMails(email);
    const late = await help(email);
    assert.match(late.text, /You have asked several times/);
    assert.equal(await countMails(email), mails);
  });

  test('the page says each cause without script and refuses a forged form', async () => {
    const page = await new Browser().open('/portal/trouble');
    assert.match(
      page.text,
      /forgot my password.*sign-in is paused.*invitation.*asked for a code.*access has ended.*mailbox/i,
    );
    const forged = new URLSearchParams({ csrf: 'x', email: 'a@b.test' });
    assert.equal((await new Browser().post('/portal/trouble', forged)).status, 403);
    await page.submit('/portal/trouble', { email: 'nobody' });
    assert.equal(page.status, 422);
    assert.match((await new Browser().open('/portal/sign-in')).html, /href="\/portal\/trouble"/);
  });
});

suite('why can’t they sign in', () => {
  test('staff reads what stands in the way, unlocks, and mails the login’s own address alone', async () => {
    const payer = await payerOf(books);
    const { staff, url, read } = await peopleOf(payer.customerId);
    assert.equal((await read()).data[0].access, 'active');
    for (let n = 0; n < 5; n += 1) await trySignIn(payer.email, 'wrong');
    const locked = (await read()).data[0];
    assert.deepEqual([locked.access, locked.failed_sign_ins, locked.email], ['locked', 5, payer.email]);
    assert.ok(locked.last_try_at && locked.locked_until);
    const { portal_user_id } = locked;
    const act = (remedy: string, to = url) => staff.call('POST', `${to}/help`, { portal_user_id, remedy });
    const unlocked = await act('unlock');
    assert.equal(unlocked.body.data[0].access, 'active', JSON.stringify(unlocked.body));
    assert.equal((await trySignIn(payer.email, goodPassword)).path, '/portal');
    await act('send_reset');
    assert.match((await newestMail(payer.email)).subject, /Choose a new password/);
    assert.equal((await act('send_confirmation')).status, 409);
    const { mails } = await read();
    assert.match(mails[0].subject, /Choose a new password/);
    await act('send_reset');
    await act('send_reset');
    assert.equal((await act('send_reset')).status, 429);
    const other = await given.customer(books);
    const foreign = await act('unlock', `/v1/customers/${other}/portal-people`);
    assert.equal(foreign.status, 404, 'a login of another customer');
    const elsewhere = await staffOf(await given.organization());
    assert.equal((await elsewhere.call('GET', url)).status, 404);
    assert.equal(
      (await elsewhere.call('POST', `${url}/help`, { portal_user_id, remedy: 'unlock' })).status,
      404,
    );
    const reader = await staffOf(books, { roles: ['report_viewer'] });
    assert.equal(
      (await reader.call('POST', `${url}/help`, { portal_user_id, remedy: 'unlock' })).status,
      403,
    );
  });

  test('a mail to a login of two organizations names the one that it is kept with, and not the other', async () => {
    const payer = await payerOf(books);
    const other = await given.organization();
    const theirs = await given.customer(other, { email: payer.email });
    await query(
      `insert into portal_memberships (organization_id, customer_id, portal_user_id, chosen_at)
        select $1, $2, id, now() from portal_users where email = $3 returning 1`,
      [other.organizationId, theirs, payer.email],
    );
    const [names] = await query<{ own: string; foreign: string }>(
      `select (select name from organizations where id = $1) as own, (select name from organizations where id = $2) as foreign`,
      [books.organizationId, other.organizationId],
    );
    const kept = async () =>
      query<{ organization_id: string; subject: string; text: string; html: string }>(
        'select organization_id, subject, text, html from messages where $1 = any(to_emails) order by id desc limit 1',
        [payer.email],
      );
    const namesOne = async () => {
      const [mail] = await kept();
      const isOwn = mail?.organization_id === books.organizationId;
      const foreign = (isOwn ? names?.foreign : names?.own) ?? '';
      assert.ok(!`${mail?.subject} ${mail?.text} ${mail?.html}`.includes(foreign), mail?.text);
    };
    assert.notEqual(names?.own, names?.foreign);
    await help(payer.email);
    await namesOne();
    const { staff, url, read } = await peopleOf(payer.customerId);
    const { portal_user_id } = (await read()).data[0];
    await staff.call('POST', `${url}/help`, { portal_user_id, remedy: 'send_reset' });
    await namesOne();
  });

  test('of a login that does not stand for the customer neither a lock is told nor opened', async () => {
    const payer = await payerOf(books);
    const { staff, url, read } = await peopleOf(payer.customerId);
    const { portal_user_id } = (await read()).data[0];
    await query('update portal_invitations set portal_user_id = $2 where customer_id = $1 returning 1', [
      payer.customerId,
      portal_user_id,
    ]);
    await query('delete from portal_memberships where customer_id = $1 returning 1', [payer.customerId]);
    for (let n = 0; n < 5; n += 1) await trySignIn(payer.email, 'wrong');
    const [told] = (await read()).data;
    assert.deepEqual(
      [told.portal_user_id, told.access, told.locked_until, told.failed_sign_ins],
      [portal_user_id, 'not_chosen', null, 0],
    );
    assert.ok(!told.remedies.includes('unlock'), told.remedies.join());
    const unlocked = await staff.call('POST', `${url}/help`, { portal_user_id, remedy: 'unlock' });
    assert.equal(unlocked.status, 409);
    assert.match((await trySignIn(payer.email, goodPassword)).title, /Sign-in is paused/, 'still locked');
  });

  test('an address that staff did not give is not told to it whole', async () => {
    const payer = await payerOf(books);
    const { read } = await peopleOf(payer.customerId);
    await query('update portal_users set email = $2 where email = $1 returning 1', [
      payer.email,
      `private${payer.email}`,
    ]);
    const [person] = (await read()).data;
    assert.equal(person.email, `p•••${payer.email.slice(payer.email.indexOf('@'))}`);
  });

  test('each way of being outside is named', async () => {
    const access = async (customerId: string) => {
      const { read } = await peopleOf(customerId);
      return (await read()).data[0].access;
    };
    const email = freshEmail();
    const id = await given.customer(books, { email });
    assert.equal(await access(await given.customer(books)), 'no_address');
    assert.equal(await access(id), 'never_invited');
    await invite(books, [id]);
    assert.equal(await access(id), 'invited');
    await query(
      `update portal_invitations set last_sent_at = now() - interval '31 days' where customer_id = $1 returning 1`,
      [id],
    );
    assert.equal(await access(id), 'invitation_expired');
    await query('update customers set email = $2 where id = $1 returning 1', [id, freshEmail()]);
    assert.equal(await access(id), 'other_address');
    await query(
      `insert into email_problems (organization_id, email, kind, reason, since)
       select organization_id, lower(email), 'hard_bounce', 'User unknown', now() from customers where id = $1 returning 1`,
      [id],
    );
    assert.equal(await access(id), 'bad_address');
    await query('update customers set deactivated_at = now() where id = $1 returning 1', [id]);
    assert.equal(await access(id), 'inactive');
  });
});
