export function Payments() { return null; }
export function Payment() { return null; }
