import { Checkbox, Group } from '@mantine/core';
import type { Channel } from '#features/correspondence/channel-rules.ts';

type Props = {
  value: readonly Channel[];
  onChange: (channels: Channel[]) => void;
  error?: string | undefined;
};

/** How a message goes, for one sending: one way or several. */
export function ChannelChoice({ value, onChange, error }: Props) {
  return (
    <Checkbox.Group
      label="Send by"
      value={[...value]}
      error={error}
      onChange={(chosen) => onChange(chosen as Channel[])}
    >
      <Group gap="lg" mt={8}>
        <Checkbox value="email" label="E-mail" />
        <Checkbox value="sms" label="Text message" />
        <Checkbox value="paper" label="Letter" />
      </Group>
    </Checkbox.Group>
  );
}
