import type { Notice } from '#web/portal/views/parts.ts';

/**
 * What the last action did, said once above the next page. Named in the address, so nothing has to be stored.
 */
const notes: Record<string, Notice> = {
  estimate_accepted: { tone: 'good', body: 'Thank you. You have accepted this estimate.' },
  estimate_declined: { tone: 'plain', body: 'You have declined this estimate. Thank you for telling us.' },
  schedule_stopped: { tone: 'good', body: 'Stopped. Nothing more is charged by this schedule.' },
  confirmed: { tone: 'good', body: 'Your email address is confirmed.' },
  confirmed_sign_in: { tone: 'good', body: 'Your email address is confirmed. Sign in to continue.' },
  confirmed_before: { tone: 'good', body: 'Your email address is confirmed already. You can continue.' },
  confirmed_before_sign_in: {
    tone: 'good',
    body: 'Your email address is confirmed already. Sign in to continue.',
  },
  invited: {
    tone: 'plain',
    body: 'You have a login already. Sign in, and the new profile is offered to you.',
  },
  need_invitation: {
    tone: 'plain',
    body: 'A login is created with the link in your invitation. Open that mail, or sign in here.',
  },
  signed_out: { tone: 'good', body: 'You are signed out.' },
  password_changed: { tone: 'good', body: 'Your new password is saved. All other browsers are signed out.' },
  email_changed: {
    tone: 'good',
    body: 'You sign in with your new email address from now on. All other browsers are signed out.',
  },
  email_sign_in: {
    tone: 'plain',
    body: 'Sign in with the address that you had until now. Then open the link in the mail once more.',
  },
  profile_added: { tone: 'good', body: 'The profile is added to your login.' },
  texts_given: { tone: 'good', body: 'You get text messages from now on. Text STOP to end them.' },
  texts_withdrawn: { tone: 'good', body: 'You get no more text messages.' },
  profile_saved: { tone: 'good', body: 'Your profile is saved.' },
  method_added: { tone: 'good', body: 'Your payment method is saved.' },
  method_signed: {
    tone: 'good',
    body: 'Signed. Your bank account can be used now, and your copy is on its way by email.',
  },
  method_default: { tone: 'good', body: 'This payment method stands first from now on.' },
  method_removed: { tone: 'good', body: 'The payment method is removed.' },
  autopay_on: {
    tone: 'good',
    body: 'Autopay is on. Your copy of what you agreed to is on its way by email.',
  },
  autopay_off: { tone: 'good', body: 'Autopay is off. Invoices wait for you to pay them.' },
  disputed: {
    tone: 'good',
    body: 'Thank you. We have been told what is wrong, and you get no reminders for this invoice until it is settled.',
  },
  question_sent: { tone: 'good', body: 'Sent. The answer comes by email, and stands here.' },
  question_added: { tone: 'good', body: 'Sent. Thank you.' },
  plan_requested: {
    tone: 'good',
    body: 'Thank you. Your request is on its way, and you get an email with the answer. Nothing is charged before that.',
  },
  plan_signed: { tone: 'good', body: 'Signed. Here is how your plan stands.' },
  plan_withdrawn: { tone: 'good', body: 'Taken back. Nothing is charged.' },
  changed: { tone: 'warn', body: 'What can be paid has changed meanwhile. Here is how things stand now.' },
  credit_used: { tone: 'good', body: 'Your credit is used. What is left can be paid here.' },
  credit_paid: { tone: 'good', body: 'Paid with your credit. Nothing was charged.' },
  cancelled: {
    tone: 'warn',
    body: 'You came back without agreeing, and nothing was charged. Choose again how you would like to pay.',
  },
  declined_before: {
    tone: 'warn',
    body: 'Your last try with this page was declined and nothing was charged. Please check how you pay.',
  },
};

export const noteOf = (name: string | undefined): Notice | undefined =>
  name !== undefined && Object.hasOwn(notes, name) ? notes[name] : undefined;
