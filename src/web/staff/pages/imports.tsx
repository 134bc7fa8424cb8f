export function Imports() { return null; }
export function NewImport() { return null; }
export function Import() { return null; }
