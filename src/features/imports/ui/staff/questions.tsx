import { Radio } from '@mantine/core';
import type { ImportBatch } from '#features/imports/ui/staff/import-words.tsx';
import { Sheet } from '#ui/page.tsx';

type Answers = Record<string, string>;
type Question = ImportBatch['questions'][number];

const answerOf = (question: Question, answers: Answers): string | undefined =>
  answers[question.field] ?? question.answer ?? undefined;

export const unanswered = (batch: ImportBatch, answers: Answers): number =>
  batch.questions.filter((question) => answerOf(question, answers) === undefined).length;

type Props = { batch: ImportBatch; answers: Answers; onAnswer: (field: string, value: string) => void };

/** What two people would read differently is asked, with the file's own values beside the question. */
export function Questions({ batch, answers, onAnswer }: Props) {
  if (batch.questions.length === 0) return null;
  return (
    <Sheet
      title={
        batch.questions.length === 1
          ? 'One question about the file'
          : `${batch.questions.length} questions about the file`
      }
    >
      <div className="stack loose">
        {batch.questions.map((question) => (
          <div key={question.field} className="question">
            <Radio.Group
              label={question.question}
              value={answerOf(question, answers) ?? null}
              onChange={(value) => onAnswer(question.field, value)}
              inputWrapperOrder={['label', 'description', 'input', 'error']}
              description={
                <>
                  In the column “{question.column}”:{' '}
                  {question.samples.map((sample) => (
                    <code key={sample}>{sample}</code>
                  ))}
                </>
              }
            >
              <div className="stack tight">
                {question.mixed && (
                  <p className="note" data-tone="warn">
                    This column contradicts itself: whatever you answer, some rows will be left out.
                  </p>
                )}
                {question.choices.map(({ value, label }) => (
                  <Radio
                    key={value}
                    value={value}
                    label={value === question.likely ? `${label} (likely)` : label}
                  />
                ))}
              </div>
            </Radio.Group>
          </div>
        ))}
      </div>
    </Sheet>
  );
}
