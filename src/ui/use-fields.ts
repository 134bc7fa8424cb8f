import type { ChangeEvent, FormEvent } from 'react';
import { useState } from 'react';
import { fieldsOf } from '#ui/problem.tsx';

type Texts<V> = { [K in keyof V]: V[K] extends string ? K : never }[keyof V] & string;
type Checks<V> = { [K in keyof V]?: (value: V[K], all: V) => string | null };
type Typed = ChangeEvent<HTMLInputElement | HTMLTextAreaElement>;

export type Fields<V> = {
  values: V;
  errors: Record<string, string>;
  set: <K extends keyof V & string>(name: K, value: V[K]) => void;
  setAll: (values: V) => void;
  /** Props for a text input. */
  text: (name: Texts<V>) => {
    name: string;
    value: string;
    error: string | undefined;
    onChange: (event: Typed) => void;
  };
  /** Props for a switch or checkbox. */
  flag: (name: keyof V & string) => {
    name: string;
    checked: boolean;
    onChange: (event: ChangeEvent<HTMLInputElement>) => void;
  };
  /** Checks all, leads to the first field at fault, else runs; what the server refuses lands at its field. */
  submit: (run: (values: V) => Promise<unknown>) => (event?: FormEvent) => void;
};

/** The values of a form and what is wrong with them. The server has the last word on both. */
export function useFields<V extends object>(initial: V, checks: Checks<V> = {}): Fields<V> {
  const [values, setAll] = useState(initial);
  const [errors, setErrors] = useState<Record<string, string>>({});
  const set: Fields<V>['set'] = (name, value) => {
    setAll((before) => ({ ...before, [name]: value }));
    setErrors(({ [name]: _gone, ...rest }) => rest);
  };
  const submit: Fields<V>['submit'] = (run) => (event) => {
    event?.preventDefault();
    const found = problemsOf(values, checks);
    setErrors(found);
    const first = Object.keys(found)[0];
    if (first) focusField(first);
    else void run(values).catch((error: unknown) => setErrors(fieldsOf(error)));
  };
  return {
    values,
    errors,
    set,
    setAll,
    submit,
    text: (name) => ({
      name,
      value: values[name] as string,
      error: errors[name],
      onChange: (event) => set(name, event.currentTarget.value as V[typeof name]),
    }),
    flag: (name) => ({
      name,
      checked: Boolean(values[name]),
      onChange: (event) => set(name, event.currentTarget.checked as V[typeof name]),
    }),
  };
}

function problemsOf<V extends object>(values: V, checks: Checks<V>): Record<string, string> {
  const found: Record<string, string> = {};
  for (const name of Object.keys(checks) as (keyof V & string)[]) {
    const words = checks[name]?.(values[name], values);
    if (words) found[name] = words;
  }
  return found;
}

const focusField = (name: string): void =>
  document.querySelector<HTMLElement>(`[name="${CSS.escape(name)}"]`)?.focus();

export const filled =
  (words: string) =>
  (text: string): string | null =>
    text.trim() ? null : words;
export const emailLike =
  (words: string) =>
  (text: string): string | null =>
    /^\S+@\S+\.\S+$/.test(text.trim()) ? null : words;
