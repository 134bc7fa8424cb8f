import { Button, Menu } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { IconDots, IconPlayerPause, IconPlayerPlay } from '@tabler/icons-react';
import {
  endSchedule,
  pauseSchedule,
  resumeSchedule,
  scopeOfKind,
  skipOccurrence,
} from '#features/schedules/api.ts';
import { EditSchedule } from '#features/schedules/ui/staff/edit-schedule.tsx';
import type { EditRooms } from '#features/schedules/ui/staff/edit-schedule-form.ts';
import type { Schedule } from '#features/schedules/ui/staff/schedule-words.tsx';
import { FormDialog } from '#ui/dialog.tsx';
import { useFrame } from '#ui/frame.tsx';
import { tell, tellProblem } from '#ui/problem.tsx';
import { useAct } from '#ui/use-endpoint.ts';

/** What can be done with a schedule, by its state; one of a plan is changed there. */
export function ScheduleActions({ schedule, rooms }: { schedule: Schedule; rooms: EditRooms }) {
  const { can, date } = useFrame();
  const [editing, edit] = useDisclosure();
  const [ending, end] = useDisclosure();
  const skip = useAct(skipOccurrence);
  if (!can(scopeOfKind[schedule.kind]) || schedule.payment_plan_id || schedule.state === 'completed')
    return null;
  const { next_on: next } = schedule;
  const leaveOut = async (day: string): Promise<void> => {
    try {
      await skip.run({ params: { id: schedule.id }, body: { day } });
      tell(`${date(day)} is left out`);
    } catch (error) {
      tellProblem(error);
    }
  };
  return (
    <>
      <Menu position="bottom-end" width={240}>
        <Menu.Target>
          <Button variant="default" px={10} aria-label="More actions">
            <IconDots size={16} />
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          {schedule.state === 'running' && next && (
            <Menu.Item onClick={() => void leaveOut(next)}>Skip {date(next)}</Menu.Item>
          )}
          <Menu.Item className="danger-item" onClick={end.open}>
            End…
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Button variant="default" onClick={edit.open}>
        Edit
      </Button>
      <PauseOrResume schedule={schedule} />
      {editing && <EditSchedule schedule={schedule} rooms={rooms} onClose={edit.close} />}
      {ending && <EndDialog id={schedule.id} onClose={end.close} />}
    </>
  );
}

function PauseOrResume({ schedule }: { schedule: Schedule }) {
  const { date } = useFrame();
  const pause = useAct(pauseSchedule);
  const resume = useAct(resumeSchedule);
  const isRunning = schedule.state === 'running';
  const run = async (): Promise<void> => {
    try {
      const now = await (isRunning ? pause : resume).run({ params: { id: schedule.id } });
      tell(isRunning ? 'Paused' : now.next_on ? `It goes on with ${date(now.next_on)}` : 'It goes on');
    } catch (error) {
      tellProblem(error);
    }
  };
  const Icon = isRunning ? IconPlayerPause : IconPlayerPlay;
  return (
    <Button
      variant={isRunning ? 'default' : 'filled'}
      leftSection={<Icon size={16} aria-hidden />}
      loading={pause.busy || resume.busy}
      onClick={() => void run()}
    >
      {isRunning ? 'Pause' : 'Resume'}
    </Button>
  );
}

function EndDialog({ id, onClose }: { id: string; onClose: () => void }) {
  const end = useAct(endSchedule);
  const submit = async (): Promise<void> => {
    try {
      await end.run({ params: { id } });
      onClose();
      tell('The schedule has ended');
    } catch {
      // The dialog shows it.
    }
  };
  return (
    <FormDialog
      title="End this schedule?"
      opened
      onClose={onClose}
      onSubmit={submit}
      submit="End schedule"
      danger
      busy={end.busy}
      error={end.error}
    >
      <p>Nothing more comes of it, and it cannot be set going again. What was made stays as it is.</p>
    </FormDialog>
  );
}
