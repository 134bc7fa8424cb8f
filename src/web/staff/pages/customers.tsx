export function Customers() { return null; }
export function Customer() { return null; }
