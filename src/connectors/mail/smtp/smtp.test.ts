import { mailConformance } from '../conformance.ts';
import { smtpLab } from './smtp-lab.ts';

mailConformance('mail by SMTP', smtpLab);
