import { Checkbox } from '@mantine/core';
import {
  channels,
  type MessageCell,
  type MessageType,
  messageCells,
  messageTypes,
} from '#features/correspondence/channel-rules.ts';
import { channelTitles, typeTitles } from '#features/customers/setting-word-rules.ts';

type Props = {
  label: string;
  types?: readonly MessageType[];
  isOn: (cell: MessageCell) => boolean;
  onChange: (cell: MessageCell, on: boolean) => void;
  disabled?: boolean;
};

const cellOf = (name: string): MessageCell | undefined => messageCells.find((cell) => cell === name);

/** What goes out by itself: a row for each message, a column for each way to send it. */
export function MessageMatrix({ label, types = messageTypes, isOn, onChange, disabled = false }: Props) {
  return (
    <table className="matrix" aria-label={label}>
      <thead>
        <tr>
          <th scope="col">Message</th>
          {channels.map((channel) => (
            <th key={channel} scope="col">
              {channelTitles[channel]}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {types.map((type) => (
          <tr key={type}>
            <th scope="row">{typeTitles[type]}</th>
            {channels.map((channel) => {
              const cell = cellOf(`${type}.${channel}`);
              return (
                <td key={channel}>
                  {cell ? (
                    <Checkbox
                      aria-label={`${typeTitles[type]} by ${channelTitles[channel].toLowerCase()}`}
                      checked={isOn(cell)}
                      disabled={disabled}
                      onChange={(event) => onChange(cell, event.currentTarget.checked)}
                    />
                  ) : (
                    <span className="none" title="A letter would arrive after the next one">
                      –
                    </span>
                  )}
                </td>
              );
            })}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
