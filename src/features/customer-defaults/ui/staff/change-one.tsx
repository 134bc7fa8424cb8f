import { Button, Select } from '@mantine/core';
import { useState } from 'react';
import { ApplyDialog } from '#features/customer-defaults/ui/staff/apply-dialog.tsx';
import { customerFlags, type SettingName, settingNames } from '#features/customers/setting-rules.ts';
import { settingWords } from '#features/customers/setting-word-rules.ts';
import { Chips } from '#ui/filters.tsx';
import { Sheet } from '#ui/page.tsx';

const option = (name: SettingName) => ({ value: name, label: settingWords(name) });
const isFlag = (name: SettingName): boolean => (customerFlags as readonly string[]).includes(name);
const choices = [
  { group: 'General', items: settingNames.filter(isFlag).map(option) },
  { group: 'Messages', items: settingNames.filter((name) => !isFlag(name)).map(option) },
];

/** One setting, for everybody or a type, of customers who are there already. */
export function ChangeOne({ types }: { types: readonly string[] }) {
  const [name, setName] = useState<SettingName>();
  const [on, setOn] = useState(false);
  const [type, setType] = useState<string | null>(null);
  const [looking, setLooking] = useState(false);
  return (
    <Sheet title="Change one setting of existing customers">
      <div className="stack">
        <div className="fields two">
          <Select
            label="Setting"
            placeholder="Choose one"
            searchable
            data={choices}
            value={name ?? null}
            onChange={(value) => setName(settingNames.find((each) => each === value))}
          />
          <Select
            label="Of"
            placeholder="All customers"
            clearable
            data={[...types]}
            value={type}
            onChange={setType}
          />
        </div>
        <div className="row between">
          <Chips
            label="Value"
            value={on ? 'on' : 'off'}
            options={[
              { value: 'on', label: 'On' },
              { value: 'off', label: 'Off' },
            ]}
            onChange={(value) => setOn(value === 'on')}
          />
          <Button variant="default" disabled={!name} onClick={() => setLooking(true)}>
            See what would change
          </Button>
        </div>
      </div>
      {looking && name && (
        <ApplyDialog settings={{ [name]: on }} customerType={type} onClose={() => setLooking(false)} />
      )}
    </Sheet>
  );
}
