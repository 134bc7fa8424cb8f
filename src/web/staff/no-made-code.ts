import { config } from 'zod';

// Before any schema is made: the content security policy forbids code made from text, which Zod would try.
config({ jitless: true });
