import { showPhone } from '#lib/show-phone.ts';
import { useFrame } from '#ui/frame.tsx';

/** A telephone number as it is read where the organization is, however it was typed. */
export function PhoneNumber({ typed }: { typed: string }) {
  const { locale } = useFrame();
  return <span className="num">{showPhone(typed, new Intl.Locale(locale).region)}</span>;
}
