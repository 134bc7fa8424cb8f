import { allArticles } from '#features/help/library.ts';
import { standingOf, topicsOf } from '#features/support/portal-questions.ts';
import type { QuestionPage } from '#web/portal/views/question-pages.ts';
import {
  askPage,
  askWhomPage,
  confirmQuestionPage,
  questionGonePage,
  questionKeptPage,
  questionPage,
  questionsPage,
  topicPage,
} from '#web/portal/views/question-pages.ts';
import { helpSentPage, troublePage } from '#web/portal/views/trouble-page.ts';
import { payer, type Sample, visitor } from './portal-samples.ts';

const articles = allArticles('payers').slice(0, 2);
const topics = topicsOf((category) => `/portal/questions/new?about=${category}`);
const row = { url: '/portal/questions/tkt_1', when: '10:42 AM EST' };
const ask = {
  ...{ action: '/portal/questions/new', topicsUrl: '/portal/questions/new', articles },
  keep: { page: '/portal' },
};
const question: QuestionPage = {
  number: 1042,
  subject: 'Two hours too many on the invoice of October',
  standing: standingOf('waiting'),
  action: '/portal/questions/tkt_1',
  backUrl: '/portal/questions',
  said: [
    {
      mine: true,
      author: 'Northwind Bakery LLC',
      when: 'Nov 20, 10:42 AM EST',
      words: 'The invoice has four hours.\n\nI counted two. The sheet is attached.',
      files: [{ name: 'sheet-of-the-crew.pdf', url: '/portal/questions/tkt_1/files/tkf_1' }],
      leftOut: ['photo.heic'],
    },
    {
      mine: false,
      author: 'Ana Field',
      when: '9:15 AM EST',
      words: 'You are right, and we have credited the other two. The invoice shows it already.',
      files: [],
      leftOut: [],
    },
  ],
};
const wrong = {
  values: { words: 'Half now, half in May.' },
  errors: {
    subject: 'Give your question a subject.',
    files: 'The file is larger than 10 MB. Make it smaller.',
  },
};
const trouble = { action: '/portal/trouble', signInUrl: '/portal/sign-in', forgotUrl: '/portal/forgot' };
const badEmail = { errors: { email: 'Enter your email address, such as name@example.com.' } };

export const questionSamples: Sample[] = [
  [
    'questions',
    questionsPage(payer, {
      rows: [
        { ...row, number: 1042, subject: question.subject, standing: standingOf('waiting') },
        { ...row, number: 981, subject: 'New bank account', standing: standingOf('solved') },
        { ...row, number: 455, subject: 'Can I pay in parts?', standing: standingOf('new') },
      ],
      askUrl: '/portal/questions/new',
      backUrl: '/portal',
      nextUrl: '/portal/questions?after=tkt_1',
    }),
  ],
  ['questions-none', questionsPage(payer, { rows: [], askUrl: '/portal/questions/new', backUrl: '/portal' })],
  ['question-topic', topicPage(payer, { topics, backUrl: '/portal/questions' })],
  [
    'question-ask',
    askPage(payer, {
      ...ask,
      category: 'invoice',
      topic: 'An invoice',
      about: 'Invoice 1042',
      visitor: false,
    }),
  ],
  [
    'question-ask-wrong',
    askPage(payer, { ...ask, category: 'payment', topic: 'A payment', visitor: false, form: wrong }),
  ],
  [
    'question-ask-visitor',
    askPage(visitor, {
      ...ask,
      category: 'sign_in',
      topic: 'Signing in',
      visitor: true,
      troubleUrl: '/portal/trouble',
    }),
  ],
  ['question', questionPage(payer, question)],
  [
    'question-solved',
    questionPage(visitor, {
      ...{
        number: 1042,
        subject: 'New bank account',
        standing: standingOf('solved'),
        action: '/q/1/2',
        said: question.said,
      },
      form: { errors: { words: 'Write something first.' } },
    }),
  ],
  [
    'question-confirm',
    confirmQuestionPage(visitor, {
      ...{ subject: 'Two hours too many', words: 'I counted two.', email: 'ap@northwind.example' },
      action: '/q/1/2/send',
    }),
  ],
  ['question-kept', questionKeptPage(visitor, { email: 'ap@northwind.example' })],
  ['question-whom', askWhomPage(visitor)],
  ['question-gone', questionGonePage(visitor, { askUrl: '/portal/ask' })],
  ['sign-in-trouble', troublePage(visitor, trouble)],
  ['sign-in-trouble-wrong', troublePage(visitor, { ...trouble, form: badEmail })],
  ['sign-in-help-sent', helpSentPage(visitor, { signInUrl: '/portal/sign-in' })],
];
