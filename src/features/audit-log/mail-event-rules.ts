import { fixed, join, list, text, type Words } from '#features/audit-log/event-phrase-rules.ts';

/** Mail: written, gone, and what became of it. */
export const mailWords: Record<string, Words> = {
  'message.queued': {
    say: (data) =>
      join(
        'Message written',
        list(data.to) && `to ${list(data.to)}`,
        text(data.subject) && `· ${text(data.subject)}`,
      ),
  },
  'message.sent': {
    say: (data) =>
      join(
        'Message sent',
        list(data.to) && `to ${list(data.to)}`,
        text(data.subject) && `· ${text(data.subject)}`,
      ),
  },
  'message.failed': {
    say: (data) => join('Message failed', text(data.error) && `· ${text(data.error)}`),
    tone: 'bad',
  },
  'message.soft_bounced': {
    say: (data) =>
      join(
        'Not delivered yet',
        list(data.to) && `to ${list(data.to)}`,
        text(data.reason) && `· ${text(data.reason)}`,
      ),
  },
  'message.delivered': {
    say: (data) => join('Delivered', list(data.to) && `to ${list(data.to)}`),
    tone: 'good',
  },
  'message.opened': { say: (data) => join('Mail opened', text(data.subject) && `· ${text(data.subject)}`) },
  'message.clicked': {
    say: (data) => join('Link in a mail opened', text(data.subject) && `· ${text(data.subject)}`),
  },
  'message.bounced': {
    say: (data) =>
      join(
        'Mail came back',
        list(data.to) && `from ${list(data.to)}`,
        text(data.reason) && `· ${text(data.reason)}`,
      ),
    tone: 'bad',
  },
  'message.complained': {
    say: (data) => join('Mail reported as spam', list(data.to) && `by ${list(data.to)}`),
    tone: 'bad',
  },
  'message.answered': {
    say: (data) =>
      join(
        'Answered',
        text(data.from) && `by ${text(data.from)}`,
        text(data.subject) && `· ${text(data.subject)}`,
      ),
    tone: 'accent',
  },
  'message.put_right': {
    say: (data) =>
      join('Mail that did not arrive put right', text(data.subject) && `· ${text(data.subject)}`),
  },
  'message.template_changed': {
    say: (data) =>
      join(
        'Words of a message changed',
        text(data.message_type) && `· ${text(data.message_type)?.replaceAll('_', ' ')}`,
      ),
  },
  'customer.email_tried_again': {
    kind: 'Address written to again',
    say: (data) => join('Written to again', text(data.email) && `at ${text(data.email)}`),
  },
  'organization.sending_domain_set': {
    say: (data) => join('Sending domain set', text(data.domain) && `· ${text(data.domain)}`),
  },
  'organization.sending_domain_checked': {
    say: (data) =>
      join(
        'Sending domain checked',
        text(data.domain) && `· ${text(data.domain)}`,
        text(data.state) && `is ${text(data.state)}`,
      ),
  },
  'organization.sending_domain_removed': fixed('Sending domain removed', 'bad'),
  'message.suppressed': {
    say: (data) =>
      join(
        'Message held back',
        list(data.to) && `to ${list(data.to)}`,
        text(data.suppressed_by) && `· ${text(data.suppressed_by)?.replaceAll('_', ' ')}`,
      ),
    tone: 'bad',
  },
};
